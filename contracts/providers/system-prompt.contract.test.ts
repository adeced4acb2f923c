import { contractOf } from './contract-of.ts';

contractOf('system-prompt');
