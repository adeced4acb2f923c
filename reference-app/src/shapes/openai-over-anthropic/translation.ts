import type { Translation } from '../translation.ts';
import { translateAnswer } from './answer.ts';
import { translateRequest } from './request.ts';
import { createStream } from './stream.ts';

/** For clients of POST /chat/completions whose model is one of Anthropic's. */
export const openAiOverAnthropic: Translation = {
  request: translateRequest,
  answer: translateAnswer,
  createStream,
};
