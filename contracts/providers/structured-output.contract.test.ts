import { contractOf } from './contract-of.ts';

contractOf('structured-output');
