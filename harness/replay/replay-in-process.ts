import { AssertionError } from 'node:assert';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import nock from 'nock';

import type { Cassette } from '#harness/cassettes/cassette.ts';
import { PROVIDERS, type Provider } from '#harness/cassettes/provider.ts';
import { PROVIDER_URLS } from '#harness/cassettes/provider-url.ts';
import { withoutSecrets } from '#harness/cassettes/redact/secret-parameters.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Answer } from '#harness/simulator/answer.ts';
import { hideKey } from '#harness/simulator/key-fingerprint.ts';
import { parseJson } from '#harness/simulator/parse-json.ts';
import type { ProviderWire } from '#harness/simulator/providers/wire.ts';
import { wireOf } from '#harness/simulator/providers/wires.ts';
import { ReplayShelf } from '#harness/simulator/replay-shelf.ts';

export interface ReplayInProcessOptions {
  /** Where the code under test believes each provider to be: the origin counts, not the path. */
  urls?: Readonly<Record<Provider, string>>;
  /** Whether a provider knows a key; it knows every key when left out. */
  isAccepted?: (provider: Provider, key: string) => boolean;
  /** false: recorded streams come without their pauses; their chunks are kept. */
  keepsTime?: boolean;
}

// It takes the process over where it is imported; here it must only where it replays.
nock.restore();

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const LOOPBACK = /^(127\.0\.0\.1|localhost|::1|\[::1\])(:|$)/;

/**
 * Runs `work` while this process' own calls of the providers are answered from cassettes, found by
 * the same matching as in the simulator, and while nothing else but loopback can be reached. nock
 * is one for the whole process: one replay at a time, in tests of adapters. It sees node:http and
 * Node's own fetch, not the fetch of an installed undici; and it cannot cut a connection as a
 * socket does: see Simulator for that.
 * @throws AssertionError when a call met no recording, or a recording was never asked for;
 *   HarnessError H_REPLAY_NOCK_ACTIVE
 */
export async function replayInProcess<T>(
  cassettes: readonly Cassette[],
  work: () => Promise<T>,
  { urls = PROVIDER_URLS, isAccepted = () => true, keepsTime = true }: ReplayInProcessOptions = {},
): Promise<T> {
  const shelf = new ReplayShelf(cassettes, wireOf);
  const findings: Finding[] = [...shelf.findings];
  takeOver();
  for (const provider of PROVIDERS) {
    const scope = nock(new URL(urls[provider]).origin).persist();
    for (const method of METHODS) {
      scope
        .intercept(() => true, method)
        .reply(async (request: Request) => {
          const answer = await findAnswer(shelf, wireOf(provider), {
            request,
            cassettes,
            isAccepted,
            findings,
          });
          return [answer.status, bodyOf(answer, keepsTime), answer.headers];
        });
    }
  }
  try {
    const result = await work();
    expectNone([...findings, ...shelf.unused()]);
    return result;
  } finally {
    nock.cleanAll();
    nock.enableNetConnect();
    nock.restore();
  }
}

interface Asked {
  request: Request;
  cassettes: readonly Cassette[];
  isAccepted: (provider: Provider, key: string) => boolean;
  findings: Finding[];
}

function takeOver(): void {
  if (nock.isActive()) {
    throw new HarnessError('nock answers calls of this process already.', {
      code: 'H_REPLAY_NOCK_ACTIVE',
      fix: 'Replay one after the other, and end other uses of nock first: nock.restore().',
    });
  }
  nock.activate();
  nock.disableNetConnect();
  nock.enableNetConnect(LOOPBACK);
}

async function findAnswer(
  shelf: ReplayShelf,
  wire: ProviderWire,
  { request, cassettes, isAccepted, findings }: Asked,
): Promise<Answer> {
  const { pathname: path, searchParams } = new URL(request.url);
  const { method } = request;
  const key = wire.readKey(Object.fromEntries(request.headers), searchParams) ?? '';
  for (const { id } of cassettes) {
    shelf.expect(key, id);
  }
  const query = withoutSecrets(searchParams);
  const body = parseJson(await request.text());
  const asked = { key, isAccepted: isAccepted(wire.provider, key) };
  const found = shelf.find(wire, { method, path, query, body }, asked);
  if ('answer' in found) {
    return found.answer;
  }
  const what = `${wire.provider} was asked ${method} ${path}, and no recording answers that.`;
  const message = hideKey(`${what} ${found.why}`, key);
  findings.push({ check: found.check, message });
  return wire.answerRefused(message);
}

function bodyOf(answer: Answer, keepsTime: boolean): Readable | Buffer {
  return answer.kind === 'whole' ? answer.body : Readable.from(chunksOf(answer, keepsTime));
}

async function* chunksOf(
  { parts }: Extract<Answer, { kind: 'stream' }>,
  keepsTime: boolean,
): AsyncGenerator<Buffer> {
  const startedAtMs = performance.now();
  for (const { bytes, atMs } of parts) {
    const leftMs = keepsTime ? startedAtMs + atMs - performance.now() : 0;
    // Also without recorded pauses: chunks handed over in the same turn would arrive as one.
    await pause(Math.max(0, leftMs));
    yield bytes;
  }
}

function expectNone(findings: readonly Finding[]): void {
  if (findings.length > 0) {
    const lines = findings.map(({ check, message }) => `${check}: ${message}`);
    throw new AssertionError({ message: lines.join('\n') });
  }
}
