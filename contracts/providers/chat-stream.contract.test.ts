import { contractOf } from './contract-of.ts';

contractOf('chat-stream');
