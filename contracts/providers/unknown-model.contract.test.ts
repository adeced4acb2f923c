import { contractOf } from './contract-of.ts';

contractOf('unknown-model');
