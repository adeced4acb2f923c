import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

import type { Provider } from '#harness/cassettes/provider.ts';
import type { WireAnswer } from '../providers/read-answer.ts';

/** Whose exchanges are read by which wire module, and of which of their APIs. */
const FOLDERS: Readonly<Record<string, { provider: Provider; apis: readonly string[] }>> = {
  openai: { provider: 'openai', apis: ['chat-completions', 'images', 'embeddings'] },
  azure: { provider: 'azure', apis: ['chat-completions', 'embeddings'] },
  compat: { provider: 'openai', apis: ['chat-completions'] },
  gemini: { provider: 'google', apis: ['generateContent', 'streamGenerateContent'] },
  vertex: { provider: 'google', apis: ['generateContent', 'streamGenerateContent'] },
  anthropic: { provider: 'anthropic', apis: ['messages'] },
};

export const CORPUS_FOLDERS = Object.keys(FOLDERS);

/** One recorded exchange, as far as the tests need it. */
export interface CorpusExchange {
  readonly name: string;
  readonly provider: Provider;
  /** e.g. "chat-completions"; undefined where only an answer was quoted. */
  readonly api: string | undefined;
  readonly requestBody: unknown;
  readonly answer: WireAnswer;
}

const exchangeSchema = z.looseObject({
  api: z.string(),
  request: z.looseObject({ body: z.unknown().optional() }).optional(),
  response: z.looseObject({
    status: z.number(),
    headers: z.record(z.string(), z.string()).nullish(),
    body: z.string(),
  }),
});

const attestedSchema = z.looseObject({
  provider: z.enum(['openai', 'gemini', 'anthropic']),
  status: z.number(),
  body: z.string(),
});

/** Answers that were quoted in public, without their requests and headers. */
export function readAttested(corpusDir: string): CorpusExchange[] {
  const folder = join(corpusDir, 'attested');
  return readdirSync(folder).map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const { provider, status, body } = attestedSchema.parse(JSON.parse(text));
    const answer = { status, headers: {}, bytes: Buffer.from(body) };
    const vendor = provider === 'gemini' ? 'google' : provider;
    return { name, provider: vendor, api: undefined, requestBody: undefined, answer };
  });
}

/** The exchanges of one folder that are of an API which is spoken, and how many are of others. */
export function readCorpus(
  corpusDir: string,
  folder: string,
): { exchanges: CorpusExchange[]; others: number } {
  const { provider, apis } = FOLDERS[folder] ?? { provider: 'openai', apis: [] };
  const names = readdirSync(join(corpusDir, folder)).filter((name) => name.endsWith('.json'));
  const exchanges = names.flatMap((name) => {
    const text = readFileSync(join(corpusDir, folder, name), 'utf8');
    const { api, request, response } = exchangeSchema.parse(JSON.parse(text));
    const answer = {
      status: response.status,
      headers: lowerCase(response.headers ?? {}),
      bytes: Buffer.from(response.body),
    };
    return apis.includes(api) ? [{ name, provider, api, requestBody: request?.body, answer }] : [];
  });
  return { exchanges, others: names.length - exchanges.length };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
