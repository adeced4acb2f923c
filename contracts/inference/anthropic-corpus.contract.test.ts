import { describe, expect } from 'vitest';
import { z } from 'zod';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { Answer, ServiceUser } from '#contracts/testing/service-user.ts';
import { loadHarnessEnvironment, processEnvironment } from '#harness/config/env.ts';
import { parseJson } from '#harness/simulator/parse-json.ts';
import {
  cutAnswer,
  type ReadAnswer,
  readAnswer,
} from '#harness/simulator/providers/read-answer.ts';
import { wireOf } from '#harness/simulator/providers/wires.ts';
import { type CorpusExchange, readCorpus } from '#harness/simulator/testing/read-corpus.ts';

const { corpusDir } = loadHarnessEnvironment(processEnvironment());
const test = serviceTest();
const options = { tags: ['integration'], skip: corpusDir === undefined };
const messages = [{ role: 'user', content: 'Hello' }];

const exchanges = corpusDir === undefined ? [] : readCorpus(corpusDir, 'anthropic').exchanges;

interface Played {
  readonly exchange: CorpusExchange;
  /** What the harness, which is not the service, reads in the recording. */
  readonly recorded: ReadAnswer;
  readonly answer: Answer;
}

/** Asks the service at this endpoint while the provider answers each recording in turn. */
async function playAll(
  { simulator }: RunningService,
  { user, endpoint }: { user: ServiceUser; endpoint: string },
): Promise<Played[]> {
  await user.call('PATCH', '/user-settings', { always_own_key: true });
  const played: Played[] = [];
  for (const exchange of exchanges) {
    const { status, headers, bytes } = exchange.answer;
    const recorded = readAnswer(wireOf('anthropic'), exchange.answer);
    const isStream = recorded.form === 'events';
    const type = isStream ? 'text/event-stream; charset=utf-8' : 'application/json';
    const kept = { 'content-type': headers['content-type'] ?? type, 'x-should-retry': 'false' };
    const answer = { kind: 'verbatim', status, headers: kept, body: bytes.toString() } as const;
    simulator.script(user.providerKey ?? '', { answer });
    const usage = endpoint !== '/messages' && isStream && { include_usage: true };
    const body = {
      model: 'claude-haiku-4-5',
      max_tokens: 9,
      messages,
      stream: isStream,
      ...(usage && { stream_options: usage }),
    };
    played.push({ exchange, recorded, answer: await user.call('POST', endpoint, body) });
  }
  return played;
}

/** The JSON of a plain answer, or of each event of a stream. */
function payloadsOf(answer: { bytes: Buffer } | { text: string }): unknown[] {
  const bytes = 'bytes' in answer ? answer.bytes : Buffer.from(answer.text);
  const { events } = cutAnswer({ status: 200, headers: {}, bytes });
  return events.filter(({ data }) => data !== '[DONE]').map(({ data }) => parseJson(data));
}

/** What the service billed for each exchange, in the order of their calls. */
async function billedFor({ database }: RunningService, { name }: ServiceUser): Promise<unknown[]> {
  const rows = await database.query(
    `select model_served, outcome, input_tokens, cached_input_tokens, cache_write_tokens,
       output_tokens, reasoning_tokens from usage_events join users on users.id = user_id
     where users.name = '${name}' order by usage_events.created_at`,
  );
  return rows.map(({ model_served, outcome, ...tokens }) => ({
    model: model_served,
    outcome,
    tokens: Object.values(tokens).map(Number),
  }));
}

function expectedBill({ exchange, recorded }: Played): unknown {
  const { model = null, usage, error } = recorded;
  const { input = 0, cachedInput = 0, cacheWrite = 0, output = 0, reasoning = 0 } = usage ?? {};
  return {
    model: exchange.answer.status === 200 ? model : null,
    outcome: error === undefined ? 'success' : 'error',
    tokens: [input, cachedInput, cacheWrite, output, reasoning],
  };
}

describe('every recorded answer of Anthropic (skipped without TALLY_CORPUS_DIR)', () => {
  test(
    'reaches a client of messages as it was, and is billed as it says',
    options,
    async ({ service }) => {
      const user = service.newUser({ ownKey: 'anthropic' });
      const played = await playAll(service, { user, endpoint: '/messages' });
      expect(played.length).toBeGreaterThan(40);
      for (const { exchange, recorded, answer } of played) {
        const { name, answer: sent } = exchange;
        expect([name, answer.status]).toEqual([name, sent.status]);
        if (sent.status >= 400) {
          const { message } = recorded.error ?? {};
          expect(answer.body, name).toMatchObject({ type: 'error', error: { message } });
        } else if (recorded.form === 'whole') {
          expect(answer.text, name).toBe(sent.bytes.toString());
        } else if (recorded.error === undefined) {
          expect(payloadsOf(answer), name).toEqual(payloadsOf(sent));
        } else {
          expect(answer.text, name).toContain('event: error\n');
        }
      }
      expect(await billedFor(service, user)).toEqual(played.map(expectedBill));
    },
  );

  test('says the same to a client of chat completions', options, async ({ service }) => {
    const user = service.newUser({ ownKey: 'anthropic' });
    const played = await playAll(service, { user, endpoint: '/chat/completions' });
    for (const { exchange, recorded, answer } of played) {
      const { name, answer: sent } = exchange;
      expect([name, answer.status]).toEqual([name, sent.status]);
      if (recorded.error !== undefined) continue;
      const bytes = Buffer.from(answer.text);
      const headers = { 'content-type': answer.headers.get('content-type') ?? '' };
      // The harness reads both shapes by itself.
      const read = readAnswer(wireOf('openai'), { status: 200, headers, bytes });
      const { model, usage, toolCalls, isComplete, form } = recorded;
      expect(read, name).toMatchObject({ model, usage, isComplete, form });
      const ownTools = toolCalls.filter((tool) => read.toolCalls.includes(tool));
      expect(read.toolCalls, name).toEqual(ownTools);
      expect(textOf(payloadsOf(answer)), name).toBe(textOf(payloadsOf(sent)));
    }
    expect(await billedFor(service, user)).toEqual(played.map(expectedBill));
  });
});

const texts = z.looseObject({ type: z.string(), text: z.string().optional() });
const said = z.looseObject({ content: z.string().nullish() }).optional();
const payload = z.union([
  z.looseObject({ choices: z.array(z.looseObject({ message: said, delta: said })) }),
  z.looseObject({
    choices: z.undefined().optional(),
    content: z.array(texts).default([]),
    content_block: texts.optional(),
    delta: z.looseObject({ text: z.string().optional() }).optional(),
  }),
]);

/** The text that a user reads in an answer of either shape. */
function textOf(payloads: readonly unknown[]): string {
  return payloads
    .flatMap((value) => {
      const part = payload.parse(value);
      if (part.choices !== undefined)
        return part.choices.map(({ message, delta }) => message?.content ?? delta?.content);
      const blocks = [...part.content, part.content_block].filter(
        (block) => block?.type === 'text',
      );
      return [...blocks, part.delta].map((block) => block?.text);
    })
    .join('');
}
