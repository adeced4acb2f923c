import type { Translation } from '../translation.ts';
import { translateAnswer } from './answer.ts';
import { translateRequest } from './request.ts';
import { createStream } from './stream.ts';

/** For clients of POST /messages whose model is behind chat completions. */
export const anthropicOverOpenAi: Translation = {
  request: translateRequest,
  answer: translateAnswer,
  createStream,
};
