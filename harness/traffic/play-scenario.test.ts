import { expect, test } from 'vitest';
import { serveHttp } from '#harness/metrics/scripted-servers.ts';
import { callerOf } from './callers.ts';
import type { PlayOptions } from './play.ts';
import { playScenario } from './play-scenario.ts';
import type { Scenario } from './scenario.ts';

const scenario: Scenario = {
  name: 'played',
  says: 'It is played.',
  caller: 'own-key',
  credentials: { openai: 'valid', anthropic: 'invalid' },
  request: { method: 'POST', path: '/things', body: { model: 'm' } },
  provider: [],
  expect: { status: 200 },
  movement: {},
};
const answer = { kind: 'generated', inputTokens: 1, outputTokens: 2 } as const;

/** A simulator that keeps the keys of its scripts and shows what `held` says. */
function optionsFor(url: string, held: () => number = () => 0) {
  const scripted: string[] = [];
  const expected: string[] = [];
  const released: string[] = [];
  const options: PlayOptions = {
    url,
    seed: 's',
    simulator: {
      script: (key) => scripted.push(key),
      expectCassette: (key, id) => expected.push(`${key}: ${id}`),
      held,
      release: (key) => released.push(key),
    },
    authorization: (key) => ({ authorization: key }),
    calls: [],
  };
  return { options, scripted, expected, released };
}

test('scripts each answer under the key that is to carry the call', async () => {
  const url = await serveHttp((_, response) => response.end('{}'));
  const { options, scripted, expected } = optionsFor(url);
  const provider: Scenario['provider'] = [
    { answer },
    { provider: 'anthropic', answer },
    { provider: 'anthropic', paidBy: 'system', answer },
    { refusedBy: 'rules' },
    { cassette: 'openai/chat' },
  ];
  await playScenario({ ...scenario, provider }, options);
  const { ownKeys } = callerOf(scenario, 's');
  expect(ownKeys).toMatchObject([
    { provider: 'openai', isValid: true },
    { provider: 'anthropic', isValid: false },
  ]);
  expect(scripted.slice(0, 2)).toEqual(ownKeys.map(({ key }) => key));
  expect(new Set(scripted).size).toBe(3);
  expect(expected).toEqual([`${ownKeys[0]?.key}: openai/chat`]);
});

test('sends the requests that follow, with what earlier answers said', async () => {
  const seen: string[] = [];
  const url = await serveHttp((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.end('{"id":"abc"}');
  });
  const { options } = optionsFor(url);
  const { played } = await playScenario(
    {
      ...scenario,
      saves: { thing: 'id' },
      followedBy: [
        {
          request: { method: 'GET', path: '/things/:thing' },
          provider: [],
          times: 2,
          expect: { status: 404 },
        },
      ],
    },
    options,
  );
  expect(seen).toEqual(['POST /things', 'GET /things/abc', 'GET /things/abc']);
  expect(played.map(({ promise }) => promise.expect.status)).toEqual([200, 404, 404]);
  // Counted under its route, not under a path of its own.
  expect(played.map(({ call }) => `${call.path} ${call.modelRequested}`)).toEqual([
    '/things m',
    '/things/:thing undefined',
    '/things/:thing undefined',
  ]);
});

test('checks the facts while all calls are held, and when some have left', async () => {
  let open = 0;
  const seen: string[] = [];
  const waiting: (() => void)[] = [];
  const url = await serveHttp((request, response) => {
    if (request.url === '/meanwhile') {
      seen.push(`asked at ${open}`);
      response.end('{}');
      return;
    }
    open += 1;
    response.once('close', () => {
      open -= 1;
    });
    waiting.push(() => response.end('{}'));
  });
  const { options, released } = optionsFor(url, () => open);
  options.simulator.release = (key) => {
    released.push(key);
    for (const go of waiting) go();
    return waiting.length;
  };
  options.checkFacts = async ([fact]) => {
    seen.push(`checked at ${open}`);
    return [{ check: 'reconciliation/x', message: `${fact} at ${open}` }];
  };
  const provider = Array.from({ length: 4 }, () => ({ answer, holdAfterContentEvents: 0 }));
  const meanwhile = {
    request: { method: 'GET', path: '/meanwhile' },
    expect: { status: 200 },
  } as const;
  const { played, findings } = await playScenario(
    { ...scenario, provider, times: 4, atBarrier: { leaving: 3, facts: ['x'], meanwhile } },
    options,
  );
  expect(seen).toEqual(['asked at 4', 'checked at 4', 'checked at 1']);
  expect(findings.map(({ message }) => message)).toEqual(['x at 4', 'x at 1']);
  expect(released).toHaveLength(1);
  expect(played.map(({ call }) => call.end)).toEqual([
    'left',
    'left',
    'left',
    'completed',
    'completed',
  ]);
  expect(played.map(({ promise }) => promise.departure !== undefined)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test('finds that a service does not bring its calls to the barrier', async () => {
  const url = await serveHttp((_, response) => response.end('{}'));
  const { options } = optionsFor(url);
  const provider = [{ answer, holdAfterContentEvents: 1 }];
  const { findings, played } = await playScenario(
    { ...scenario, provider, atBarrier: { leaving: 0, facts: [] } },
    { ...options, heldWithinMs: 50 },
  );
  expect(findings).toEqual([
    {
      check: 'contracts/played/barrier',
      message:
        'played: of 1 calls the provider holds 0 after 50 ms, and 0 clients have read the 1 content events before the barrier. (It is played.)',
    },
  ]);
  expect(played).toHaveLength(1);
});
