import { contractOf } from './contract-of.ts';

contractOf('invalid-key');
