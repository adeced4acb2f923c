import { contractOf } from './contract-of.ts';

contractOf('error-inside-stream');
