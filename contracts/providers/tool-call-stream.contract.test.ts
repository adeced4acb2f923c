import { contractOf } from './contract-of.ts';

contractOf('tool-call-stream');
