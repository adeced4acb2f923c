import { describe, expect } from 'vitest';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { Answer } from '#contracts/testing/service-user.ts';
import { loadHarnessEnvironment, processEnvironment } from '#harness/config/env.ts';
import { type ReadAnswer, readAnswer } from '#harness/simulator/providers/read-answer.ts';
import { wireOf } from '#harness/simulator/providers/wires.ts';
import { type CorpusExchange, readCorpus } from '#harness/simulator/testing/read-corpus.ts';
import { readUsageRows } from './usage-rows.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };
const { corpusDir } = loadHarnessEnvironment(processEnvironment());

const FOLDERS = [
  ['gemini', 'gemini-2.5-flash'],
  ['vertex', 'gemini-2.5-flash'],
  ['azure', 'azure/gpt-4o-mini'],
] as const;

/** What real providers once answered, as the service tells it and as the harness reads it. */
describe('recorded answers', () => {
  test.for(FOLDERS)(
    'of %s are told and metered as they were',
    integration,
    async ([folder, model], { service, skip }) => {
      if (corpusDir === undefined) {
        skip('TALLY_CORPUS_DIR is not set: there are no recorded exchanges to answer with.');
        return;
      }
      const { exchanges } = readCorpus(corpusDir, folder);
      for (const exchange of exchanges) {
        const read = readAnswer(wireOf(exchange.provider), exchange.answer);
        if (!mayBeAnswered(exchange, read)) continue;
        const told = await tell(service, model, { exchange, read });
        expect(told, exchange.name).toMatchObject(expectedOf(exchange, read));
      }
      expect(exchanges.length).toBeGreaterThan(1);
    },
  );
});

/** A stream in one JSON array is never asked for, nor can code be that the provider runs itself. */
function mayBeAnswered({ answer }: CorpusExchange, { form }: ReadAnswer): boolean {
  return form !== 'array' && !answer.bytes.includes('"executableCode"');
}

async function tell(
  service: RunningService,
  model: string,
  { exchange, read }: { exchange: CorpusExchange; read: ReadAnswer },
) {
  const { provider, answer } = exchange;
  const { status, headers } = answer;
  const type = headers['content-type'] ?? 'text/plain';
  const body = answer.bytes.toString();
  const verbatim = { kind: 'verbatim', status, headers: { 'content-type': type }, body } as const;
  const user = service.newUser({ ownKey: provider });
  await user.call('PATCH', '/user-settings', { always_own_key: true });
  service.simulator.script(user.providerKey ?? '', { answer: verbatim });
  const answered = await user.call('POST', '/chat/completions', {
    model,
    stream: read.form === 'events' || type.startsWith('text/event-stream'),
    messages: [{ role: 'user', content: 'What was recorded?' }],
  });
  const [row] = await readUsageRows(service, user);
  return { status: answered.status, said: readSaid(answered), row };
}

/** What the client is told, by the harness's reader of OpenAI's wire. */
function readSaid({ status, headers, text }: Answer) {
  const type = headers.get('content-type') ?? '';
  const bytes = Buffer.from(text);
  const said = readAnswer(wireOf('openai'), { status, headers: { 'content-type': type }, bytes });
  const { form, toolCalls, contentEvents, isComplete } = said;
  return { form, toolCalls, contentEvents, isComplete };
}

function expectedOf({ answer }: CorpusExchange, read: ReadAnswer) {
  const { error, usage, model, form, toolCalls, contentEvents } = read;
  if (error !== undefined) {
    const status = error.kind === 'invalid_key' ? 401 : answer.status;
    return { status, row: { outcome: 'error', provider_status: String(status), source: 'none' } };
  }
  const tokens = usage && {
    input: String(usage.input),
    cached_input: String(usage.cachedInput),
    output: String(usage.output),
    reasoning: String(usage.reasoning),
  };
  return {
    status: 200,
    said: { form, toolCalls, contentEvents, isComplete: true },
    row: {
      outcome: 'success',
      model_served: model ?? null,
      source: usage === undefined ? 'estimate' : 'provider',
      ...tokens,
    },
  };
}
