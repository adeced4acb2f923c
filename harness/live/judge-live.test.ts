import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { RecordedResponse } from '#harness/cassettes/cassette.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import type { RecordedExchange } from '#harness/recorder/recorded-exchange.ts';
import type { ProviderCall } from '#harness/simulator/ledger.ts';
import type { PlayedCall } from '#harness/traffic/play.ts';
import type { Scenario } from '#harness/traffic/scenario.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';
import { judgeLive } from './judge-live.ts';

const cassettes = await loadCassettes(
  fileURLToPath(new URL('../../fixtures/cassettes', import.meta.url)),
);
const recording = cassettes.find(({ id }) => id === 'openai/chat-stream');
const [recorded] = recording?.interactions ?? [];
const one = {
  id: 'openai/chat-stream',
  provider: 'openai',
  cannotBeRecorded: undefined,
  scenario: { name: 'stream', says: 'A stream.' } as Scenario,
} as const;

/** A client that was answered as promised, and one that was told another status. */
function played(status = 200): PlayedCall[] {
  const expected = { status: 200, contentEvents: 7, headers: { 'retry-after': '20' } };
  const call = { status, end: 'completed' } as ServiceCall;
  return [{ promise: { expect: expected }, call }];
}

function judge(
  response: Partial<RecordedResponse> | undefined,
  end: ProviderCall['end'] = 'completed',
) {
  const whole = { status: 200, headers: {}, bytes: Buffer.alloc(0), chunks: undefined };
  const exchange: RecordedExchange = {
    provider: 'openai',
    request: { method: 'POST', path: '/v1/chat/completions', query: '', bytes: Buffer.alloc(0) },
    response: response && { ...whole, ...recorded?.response, ...response },
    call: { end, images: 0 } as ProviderCall,
  };
  return judgeLive(one, { played: played(), exchanges: [exchange], recording });
}

const stream = String(recorded?.response.bytes);
const withStream = (change: (text: string) => string) =>
  judge({ bytes: Buffer.from(change(stream)) });

describe('a live play', () => {
  test('is judged by its kind, not by how much is said', () => {
    expect(judge({})).toEqual({ findings: [], news: [] });
    const events = stream.split('\n\n');
    const longer = [...events.slice(0, 2), events[1], ...events.slice(2)].join('\n\n');
    expect(judge({ bytes: Buffer.from(longer) }).findings).toEqual([]);
  });

  test.for([
    [
      'has another status',
      () => judgeLive(one, { played: played(500), exchanges: [], recording: undefined }),
      'expected 200, found 500',
    ],
    [
      'calls nobody',
      () => judgeLive(one, { played: played(), exchanges: [], recording: undefined }),
      'no provider was called',
    ],
    [
      'does not end',
      () => withStream((text) => text.replace('data: [DONE]\n\n', '')),
      "grammar's end",
    ],
    ['ends inside an event', () => withStream((text) => text.trimEnd()), 'bytes are left over'],
    [
      'reports no usage',
      () => withStream((text) => text.replaceAll('"usage":{', '"other":{')),
      'neither usage',
    ],
    [
      'loses a field',
      () => withStream((text) => text.replaceAll('"finish_reason"', '"finished"')),
      'choices[*].finish_reason is missing',
    ],
    ['was left by the service', () => judge({}, 'abandoned'), 'ended as "abandoned"'],
  ] as const)('that %s is a finding', ([, play, said]) => {
    const { findings } = play();
    expect(findings.map(({ message }) => message).join('\n')).toContain(said);
  });

  test('that has a new field is news', () => {
    const { findings, news } = withStream((text) =>
      text.replaceAll('"finish_reason"', '"brand_new":1,"finish_reason"'),
    );
    expect(findings).toEqual([]);
    expect(news).toContain('openai/chat-stream: choices[*].brand_new is new (number)');
  });

  test.for([
    [{ status: 429 }, 'completed', 'openai answered 429'],
    [{ status: 503 }, 'completed', 'openai answered 503'],
    [{}, 'cut', 'openai broke off (ECONNRESET)'],
    [undefined, 'cut', 'openai broke off (ECONNRESET)'],
  ] as const)('that meets %j (%s) is not checked', ([response, end, said]) => {
    expect(judge(response, end)).toEqual({ findings: [], news: [], unchecked: said });
  });
});
