import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type RunningService, startRunningService } from '#contracts/testing/running-service.ts';
import { runTally } from '#harness/cli/run-tally.ts';
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { verifyDeployed } from '#harness/gates/verify-deployed.ts';
import { AUTHORIZATION, startFront } from './front.ts';

const tags = ['integration'];

let service: RunningService;

beforeAll(async () => {
  service = await startRunningService({ mode: 'production' });
});
afterAll(() => service[Symbol.asyncDispose]());

async function judge(serviceUrl: string, headers: Record<string, string> = AUTHORIZATION) {
  const verdict = await verifyDeployed(await loadConfig(), {
    serviceUrl,
    harness: { ...loadHarnessEnvironment(), serviceHeaders: headers },
    onGate: () => undefined,
    progress: () => undefined,
    signal: AbortSignal.timeout(120_000),
  });
  const gate = (name: string) => verdict.gates.find((each) => each.name === name);
  const messages = verdict.gates.flatMap(({ findings }) => findings.map(({ message }) => message));
  return { ...verdict, gate, messages };
}

/** Requests that are counted, for as long as the test takes. */
function keepCalling(): void {
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const call = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const answer = await fetch(`${service.service.url}/llm-credentials`, {
        signal: ended.signal,
      });
      await answer.arrayBuffer();
    }
  };
  call().catch(() => undefined); // It ends with the test.
}

async function certificate(): Promise<{ key: string; cert: string; file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'front-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [key, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const made = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1'];
  execFileSync('openssl', ['req', ...made, ...names, '-keyout', key, '-out', file], {
    stdio: 'ignore',
  });
  return { key: await readFile(key, 'utf8'), cert: await readFile(file, 'utf8'), file };
}

describe('a deployed service', { tags }, () => {
  test('behind TLS and an authorization is judged by what it says, and the rest did not run', async () => {
    const pem = await certificate();
    const url = await startFront({ url: service.service.url, pem });
    const run = await runTally(['verify', '--service-url', url], {
      NODE_EXTRA_CA_CERTS: pem.file,
      TALLY_SERVICE_HEADERS: `Authorization: ${AUTHORIZATION.authorization}`,
    });
    expect(run.stdout, run.stderr).toMatch(/passed +environment +1 check/);
    expect(run.stdout).toMatch(/passed +reconciliation +\d\d checks.*at rest: equal/);
    expect(run.stdout).toMatch(/not run +modes +Tally did not start it/);
    expect(run.stdout).toMatch(/PASS +profile deployed/);
    expect(run.stdout + run.stderr).not.toContain('of-the-front');
    expect(run.exitCode).toBe(0);
  });

  test('in traffic has counters in its summary that lie between two scrapes', async () => {
    const url = await startFront({ url: service.service.url });
    keepCalling();
    const { verdict, gate, facts, messages } = await judge(url);
    expect(messages).toEqual([]);
    expect(gate('reconciliation')?.reason).toMatch(/in traffic: \d+ moved too much/);
    const total = facts.find(({ name }) => name === 'http_total_requests');
    expect(total?.promql).toMatch(/^\d+\.\.\d+$/);
    expect(verdict).toBe('PASS');
  });

  test.for([false, true])(
    'whose summary tells one request too many fails, in traffic: %s',
    { tags: ['slow'] },
    async (inTraffic) => {
      const url = await startFront({
        url: service.service.url,
        onSummary: ({ http_summary: http = {} }) => {
          http['total_requests'] = (http['total_requests'] ?? 0) + (inTraffic ? 1_000_000 : 1);
        },
      });
      if (inTraffic) keepCalling();
      const { verdict, messages } = await judge(url);
      expect(messages).toEqual([expect.stringContaining('http_total_requests differs: summary')]);
      expect(verdict).toBe('FAIL');
    },
  );

  test('that runs in test mode, or does not let Tally in, fails', async () => {
    await using inTest = await startRunningService({ mode: 'testing' });
    const tested = await judge(await startFront({ url: inTest.service.url }));
    expect(tested.messages).toEqual([
      expect.stringContaining('shows byom_production 0, where production shows 1'),
    ]);
    const closed = await judge(await startFront({ url: service.service.url }), {});
    expect(closed.verdict).toBe('FAIL');
    expect(closed.messages).toHaveLength(3);
    expect(closed.gate('reconciliation')).toMatchObject({ status: 'not-run' });
  });
});
