import { contractOf } from './contract-of.ts';

contractOf('rate-limited');
