import { contractOf } from './contract-of.ts';

contractOf('bad-request');
