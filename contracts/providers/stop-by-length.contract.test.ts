import { contractOf } from './contract-of.ts';

contractOf('stop-by-length');
