import { contractOf } from './contract-of.ts';

contractOf('multi-turn');
