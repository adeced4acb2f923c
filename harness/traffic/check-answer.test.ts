import { describe, expect, test } from 'vitest';
import { checkAnswer } from './check-answer.ts';
import { isRaced, type Scenario } from './scenario.ts';
import type { ServiceCall } from './service-call.ts';

const scenario: Scenario = {
  name: 'provider-cut',
  says: 'The stream breaks off.',
  caller: 'own-key',
  request: { method: 'POST', path: '/chat/completions', body: {} },
  provider: [],
  expect: { status: 200, contentEvents: 3, endsCleanly: false, error: 'provider_cut' },
  movement: {},
};

const call: ServiceCall = {
  id: 7,
  scenario: 'provider-cut',
  method: 'POST',
  path: '/chat/completions',
  modelRequested: undefined,
  mark: undefined,
  raced: false,
  status: 200,
  headers: {},
  end: 'completed',
  failure: undefined,
  body: undefined,
  events: [{ choices: [] }, { error: { type: 'provider_error', code: 'provider_cut' } }],
  contentEvents: 3,
  firstContentAtMs: undefined,
  sawEnd: false,
  startedAtMs: 0,
  endedAtMs: 1,
};

describe('checkAnswer', () => {
  test('finds nothing in the promised answer', () => {
    expect(checkAnswer(scenario, { promise: scenario, call })).toEqual([]);
  });

  test('names every difference with both values, and the promise', () => {
    const wrong = { ...call, sawEnd: true, contentEvents: 10, events: [] };
    expect(checkAnswer(scenario, { promise: scenario, call: wrong })).toEqual([
      {
        check: 'contracts/provider-cut',
        message:
          'provider-cut, call 7 (POST /chat/completions): content events: expected 3, found 10; ends as its grammar says: expected false, found true; error: expected "provider_cut", found nothing.\n(The stream breaks off.)',
      },
    ]);
  });

  test('says what the connection said when there was no answer', () => {
    const cut: ServiceCall = { ...call, status: undefined, end: 'cut', failure: 'socket hang up' };
    expect(checkAnswer(scenario, { promise: scenario, call: cut })[0]?.message).toContain(
      'status: expected 200, found nothing; end: expected "completed", found "cut"',
    );
    expect(checkAnswer(scenario, { promise: scenario, call: cut })[0]?.message).toContain(
      'The connection said: socket hang up',
    );
  });

  test('takes the error’s type where it has no code, and looks at promised headers', () => {
    const promised = {
      ...scenario,
      expect: { status: 500, error: 'server_error', headers: { 'X-Byom-Credential': 'user' } },
    };
    const body = { error: { type: 'server_error', code: null } };
    const answer = { ...call, status: 500, body, headers: { 'x-byom-credential': 'user' } };
    expect(checkAnswer(promised, { promise: promised, call: answer })).toEqual([]);
    expect(
      checkAnswer(promised, { promise: promised, call: { ...answer, headers: {} } })[0]?.message,
    ).toContain('header X-Byom-Credential: expected "user", found nothing');
  });
});

test('a departure races unless the provider holds at that very event', () => {
  const answer = { kind: 'generated', inputTokens: 1, outputTokens: 9 } as const;
  const leaving = { ...scenario, departure: { afterContentEvents: 4 } };
  const provider = [{ answer, holdAfterContentEvents: 4 }];
  expect(isRaced(scenario)).toBe(false);
  expect(isRaced({ ...leaving, provider })).toBe(false);
  expect(isRaced({ ...leaving, provider: [{ answer, holdAfterContentEvents: 5 }] })).toBe(true);
  expect(isRaced({ ...leaving, provider: [{ cassette: 'openai/chat-stream' }] })).toBe(true);
});
