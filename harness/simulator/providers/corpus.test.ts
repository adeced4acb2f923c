import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { Provider } from '#harness/cassettes/provider.ts';
import { loadHarnessEnvironment, processEnvironment } from '#harness/config/env.ts';
import { type ReadAnswer, readAnswer, type WireAnswer } from './read-answer.ts';
import { wireOf } from './wires.ts';

const CORPUS_DIR = loadHarnessEnvironment(processEnvironment()).corpusDir;

/** Whose exchanges are read by which wire module, and of which of their APIs. */
const FOLDERS: Readonly<Record<string, { provider: Provider; apis: readonly string[] }>> = {
  openai: { provider: 'openai', apis: ['chat-completions'] },
  azure: { provider: 'openai', apis: ['chat-completions'] },
  compat: { provider: 'openai', apis: ['chat-completions'] },
  gemini: { provider: 'google', apis: ['generateContent', 'streamGenerateContent'] },
  vertex: { provider: 'google', apis: ['generateContent', 'streamGenerateContent'] },
  anthropic: { provider: 'anthropic', apis: ['messages'] },
};

const exchangeSchema = z.looseObject({
  api: z.string(),
  response: z.looseObject({
    status: z.number(),
    headers: z.record(z.string(), z.string()).nullish(),
    body: z.string(),
  }),
});

/** What an answer does not say although its text shows that it should. */
function findMisunderstandings(answer: WireAnswer, read: ReadAnswer): string[] {
  const text = answer.bytes.toString();
  const has = (pattern: RegExp) => pattern.test(text);
  const isError = answer.status >= 400;
  const misses: [string, boolean][] = [
    ['no error', isError && read.error === undefined],
    [
      'no code of the error',
      isError && has(/"(code|type|status)": ?"/) && !read.error?.codes.length,
    ],
    ['no message of the error', read.error?.message === ''],
    ['no retry hint', has(/"retryDelay"/) && read.error?.retryAfterMs === undefined],
    [
      'no retry-after',
      /^\d/.test(answer.headers['retry-after'] ?? '') && read.error?.retryAfterMs === undefined,
    ],
    ['an error where there is none', !isError && !has(/"error"/) && read.error !== undefined],
    ['no usage', has(/"usage": ?\{|"usageMetadata"/) && read.usage === undefined],
    ['negative tokens', Object.values(read.usage ?? {}).some((tokens) => tokens < 0)],
    ['not the total', totalIn(text) !== undefined && totalIn(text) !== sum(read)],
    ['no finish reason', !read.error && has(/finish_?reason|stop_reason/i) && !read.finishReason],
    ['no model', !isError && !read.error && read.model === undefined],
    [
      'no tool call',
      has(/"functionCall"|"tool_use"|"function_call": ?\{/) && !read.toolCalls.length,
    ],
    [
      'no content events',
      has(/"(text|content)": ?"[^"]/) && !isError && isStream(read) && !read.contentEvents,
    ],
    ['no end of the stream', !read.isComplete],
    [`${read.leftOverBytes} bytes left over`, read.leftOverBytes > 0],
  ];
  return misses.filter(([, isMissed]) => isMissed).map(([what]) => what);
}

function isStream({ form }: ReadAnswer): boolean {
  return form !== 'whole';
}

/** The last total that the answer itself states; Anthropic states none. */
function totalIn(text: string): number | undefined {
  const totals = [...text.matchAll(/"total_?[tT]okens?(?:Count)?": ?(\d+)/g)];
  return totals.length === 0 ? undefined : Number(totals.at(-1)?.[1]);
}

function sum({ usage }: ReadAnswer): number {
  return Object.values(usage ?? {}).reduce((total, tokens) => total + tokens, 0);
}

interface Reading {
  readonly name: string;
  readonly misses: readonly string[];
  readonly read: ReadAnswer;
}

function readFolder(corpus: string, folder: string): { readings: Reading[]; others: number } {
  const { provider, apis } = FOLDERS[folder] ?? { provider: 'openai', apis: [] };
  const names = readdirSync(join(corpus, folder)).filter((name) => name.endsWith('.json'));
  const readings = names.flatMap((name) => {
    const { api, response } = exchangeSchema.parse(
      JSON.parse(readFileSync(join(corpus, folder, name), 'utf8')),
    );
    if (!apis.includes(api)) {
      return [];
    }
    const headers = Object.entries(response.headers ?? {}).map(([key, value]) => [
      key.toLowerCase(),
      value,
    ]);
    const bytes = Buffer.from(response.body);
    const answer = { status: response.status, headers: Object.fromEntries(headers), bytes };
    const read = readAnswer(wireOf(provider), answer);
    return [{ name, read, misses: findMisunderstandings(answer, read) }];
  });
  return { readings, others: names.length - readings.length };
}

function describeReadings(
  folder: string,
  { readings, others }: ReturnType<typeof readFolder>,
): string {
  const understood = readings.filter(({ misses }) => misses.length === 0);
  const lines = readings.flatMap(({ name, misses, read }) => {
    const unknown =
      read.unknownFields.length > 0 ? [`unknown: ${read.unknownFields.join(', ')}`] : [];
    const notes = [...misses, ...unknown];
    return notes.length === 0 ? [] : [`  ${name}: ${notes.join('; ')}`];
  });
  const errors = readings.flatMap(({ read }) => read.error?.kind ?? []);
  const counts = [...Map.groupBy(errors, (kind) => kind)].map(
    ([kind, all]) => `${all.length} ${kind}`,
  );
  const head = `${folder}: ${understood.length} of ${readings.length} exchanges understood (${others} of other APIs)`;
  return [`${head}; errors: ${counts.join(', ') || 'none'}`, ...lines].join('\n');
}

describe('recorded exchanges', () => {
  test.for(Object.keys(FOLDERS))('of %s are understood', async (folder, { skip, annotate }) => {
    if (CORPUS_DIR === undefined) {
      skip('TALLY_CORPUS_DIR is not set: there are no recorded exchanges to read.');
      return;
    }
    const folderRead = readFolder(CORPUS_DIR, folder);
    const report = describeReadings(folder, folderRead);
    process.stdout.write(`${report}\n`);
    await annotate(report, 'corpus');
    expect(folderRead.readings.length, 'exchanges that were read').toBeGreaterThan(0);
    expect(
      folderRead.readings.filter(({ misses }) => misses.length > 0),
      report,
    ).toEqual([]);
  });
});
