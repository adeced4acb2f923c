import type { Provider } from '#harness/cassettes/provider.ts';
import type { Simulator } from '../simulator.ts';
import { chatRequest, RawCall } from './raw-call.ts';

/** One way of asking a provider for an answer, as its clients send it. */
export interface WireForm {
  readonly name: string;
  readonly provider: Provider;
  readonly path: string;
  readonly body: object;
  keyHeader(key: string): Record<string, string>;
  /** What stands once in every content event of a stream, and nowhere else. */
  readonly contentMark: string | RegExp;
  /** The last bytes of a whole stream, before the chunked encoding ends. */
  readonly endMark: string;
}

const generate = { contents: [{ role: 'user', parts: [{ text: 'Hello.' }] }] };

const google = {
  provider: 'google',
  body: generate,
  keyHeader: (key: string) => ({ 'x-goog-api-key': key }),
} as const;

/** A stream in every framing that there is. */
export const STREAM_FORMS: readonly WireForm[] = [
  {
    name: 'openai',
    provider: 'openai',
    path: '/chat/completions',
    body: chatRequest({ stream: true, stream_options: { include_usage: true } }),
    keyHeader: (key) => ({ authorization: `Bearer ${key}` }),
    contentMark: '"delta":{"content":',
    endMark: 'data: [DONE]\n\n',
  },
  {
    ...google,
    name: 'google with alt=sse',
    path: '/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse',
    contentMark: '"candidatesTokenCount": ',
    endMark: '\r\n\r\n',
  },
  {
    ...google,
    name: 'google as an array',
    path: '/v1beta/models/gemini-3.5-flash:streamGenerateContent',
    contentMark: '"candidatesTokenCount": ',
    endMark: '}\n]',
  },
  {
    name: 'anthropic',
    provider: 'anthropic',
    path: '/v1/messages',
    body: {
      model: 'claude-haiku-4-5',
      max_tokens: 1_000,
      stream: true,
      messages: [{ role: 'user', content: 'Hello.' }],
    },
    keyHeader: (key) => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }),
    contentMark: 'event: content_block_delta\n',
    endMark: '}\n\n',
  },
  {
    name: 'azure',
    provider: 'azure',
    path: '/openai/deployments/gpt-5.4-nano/chat/completions?api-version=2024-10-21',
    body: chatRequest({ stream: true, stream_options: { include_usage: true } }),
    keyHeader: (key) => ({ 'api-key': key }),
    // The event with the role has empty content, and comes with its keys sorted.
    contentMark: /"delta":\{"content":"[^"]/,
    endMark: 'data: [DONE]\n\n',
  },
];

export function callInForm(
  simulator: Simulator,
  { provider, path, body, keyHeader }: WireForm,
  key: string,
): RawCall {
  return new RawCall(simulator.providerUrl(provider), { path, headers: keyHeader(key), body });
}
