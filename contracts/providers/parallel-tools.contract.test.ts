import { contractOf } from './contract-of.ts';

contractOf('parallel-tools');
