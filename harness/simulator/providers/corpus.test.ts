import { describe, expect, test } from 'vitest';

import { loadHarnessEnvironment, processEnvironment } from '#harness/config/env.ts';
import {
  CORPUS_FOLDERS,
  type CorpusExchange,
  readAttested,
  readCorpus,
} from '../testing/read-corpus.ts';
import { type ReadAnswer, readAnswer, type WireAnswer } from './read-answer.ts';
import { wireOf } from './wires.ts';

const { corpusDir } = loadHarnessEnvironment(processEnvironment());

/** What was not read although the text of the answer shows that it is there. */
function findMisses({ status, headers, bytes }: WireAnswer, read: ReadAnswer): string[] {
  const text = bytes.toString();
  const has = (pattern: RegExp) => pattern.test(text);
  const isFailure = status >= 400;
  const { error, usage } = read;
  const hintSeconds = /^\d/.test(headers['retry-after'] ?? '');
  const checks: [string, boolean][] = [
    ['error', isFailure && error === undefined],
    ['code of the error', isFailure && has(/"(code|type|status)": ?"/) && !error?.codes.length],
    ['message of the error', error?.message === ''],
    ['retry hint', (has(/"retryDelay"/) || hintSeconds) && error?.retryAfterMs === undefined],
    ['absence of an error', !isFailure && !has(/"error"/) && error !== undefined],
    ['usage', has(/"(usage|usageMetadata)": ?\{\s*"/) && usage === undefined],
    ['tokens, which are negative', Object.values(usage ?? {}).some((tokens) => tokens < 0)],
    ['total of the tokens', totalIn(text) !== undefined && totalIn(text) !== sumOf(read)],
    [
      'finish reason',
      has(/"(finish_reason|finishReason|stop_reason)": ?["\d]/) && !read.finishReason,
    ],
    ['model', !isFailure && has(/"(model|modelVersion)": ?"[^"]/) && read.model === undefined],
    ['tool call', has(TOOL_CALL) && read.toolCalls.length === 0],
    ['content events', read.form !== 'whole' && has(CONTENT) && read.contentEvents === 0],
    ['end of the stream', has(STREAM_END) && !read.isComplete && read.leftOverBytes === 0],
  ];
  return checks.filter(([, isMissed]) => isMissed).map(([what]) => `misread: ${what}`);
}

const TOOL_CALL = /"functionCall": ?\{|"tool_use"|"function_call": ?\{|"tool_calls": ?\[\s*\{/;
const CONTENT = /"(text|content|thinking|partial_json|arguments)": ?"[^"]/;
const STREAM_END = /^data: \[DONE\]|"message_stop"|"finishReason"/m;

/** The last total that the answer itself states; Anthropic states none. */
function totalIn(text: string): number | undefined {
  const totals = [...text.matchAll(/"total_?[tT]okens?(?:Count)?": ?(\d+)/g)];
  return totals.length === 0 ? undefined : Number(totals.at(-1)?.[1]);
}

function sumOf({ usage }: ReadAnswer): number {
  return Object.values(usage ?? {}).reduce((total, tokens) => total + tokens, 0);
}

/** True of the recording, and nothing that was misread. */
function findNotes({ isComplete, leftOverBytes, unknownFields }: ReadAnswer): string[] {
  return [
    ...(isComplete ? [] : ['breaks off']),
    ...(leftOverBytes > 0 ? [`${leftOverBytes} bytes after the last whole event`] : []),
    ...(unknownFields.length > 0 ? [`unknown: ${unknownFields.join(', ')}`] : []),
  ];
}

function describeReadings(folder: string, others: number, readings: readonly Reading[]): string {
  const understood = readings.filter(({ misses }) => misses.length === 0).length;
  const kinds = Map.groupBy(
    readings.flatMap(({ read }) => read.error?.kind ?? []),
    (kind) => kind,
  );
  const errors = [...kinds].map(([kind, all]) => `${all.length} ${kind}`).join(', ');
  const lines = readings.flatMap(({ exchange, misses, read }) => {
    const said = [...misses, ...findNotes(read)];
    return said.length === 0 ? [] : [`  ${exchange.name}: ${said.join('; ')}`];
  });
  const head = `${folder}: ${understood} of ${readings.length} exchanges understood`;
  return [`${head}, ${others} of other APIs; errors: ${errors || 'none'}`, ...lines].join('\n');
}

interface Reading {
  readonly exchange: CorpusExchange;
  readonly read: ReadAnswer;
  readonly misses: readonly string[];
}

describe('recorded exchanges', () => {
  test.for([...CORPUS_FOLDERS, 'attested'])(
    'of %s are understood',
    async (folder, { skip, annotate }) => {
      if (corpusDir === undefined) {
        skip('TALLY_CORPUS_DIR is not set: there are no recorded exchanges to read.');
        return;
      }
      const { exchanges, others } =
        folder === 'attested'
          ? { exchanges: readAttested(corpusDir), others: 0 }
          : readCorpus(corpusDir, folder);
      const readings = exchanges.map((exchange) => {
        const read = readAnswer(wireOf(exchange.provider), exchange.answer);
        return { exchange, read, misses: findMisses(exchange.answer, read) };
      });
      const report = describeReadings(folder, others, readings);
      process.stdout.write(`${report}\n`);
      await annotate(report, 'corpus');
      expect(readings.length, 'exchanges that were read').toBeGreaterThan(0);
      expect(readings.filter(({ misses }) => misses.length > 0).length, report).toBe(0);
    },
  );
});
