import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { processEnvironment } from '#harness/config/env.ts';
import { type Simulator, startSimulator } from '#harness/simulator/simulator.ts';
import { runTally, TALLY } from './run-tally.ts';

const tags = ['integration'];
const KEY = 'sk-live-canary-0123456789';
const CASSETTES = join(process.cwd(), 'fixtures/cassettes');

interface Place {
  /** A simulator that acts as OpenAI; it answers as the recordings say. */
  live: Simulator;
  config: string;
  cassettes: string;
  /** With it OpenAI is there, and no other provider. */
  env: Record<string, string>;
}

/** A project of its own with a copy of two cassettes, and somebody who acts as the live provider. */
async function prepare(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-record-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const cassettes = join(folder, 'cassettes');
  for (const id of ['openai/chat', 'openai/chat-stream', 'google/chat']) {
    await mkdir(join(cassettes, id), { recursive: true });
    await cp(join(CASSETTES, id), join(cassettes, id), { recursive: true });
  }
  const root = JSON.stringify(process.cwd());
  const config = join(folder, 'tally.config.ts');
  await writeFile(
    config,
    `import config from ${JSON.stringify(join(process.cwd(), 'tally.config.ts'))};
     const service = { ...config.service, cwd: ${root} };
     const prices = ${root} + '/' + config.prices;
     export default { ...config, service, prices, cassettes: 'cassettes', tests: undefined };`,
  );
  const live = await startSimulator({ cassettes: await loadCassettes(cassettes) });
  onTestFinished(() => live.stop());
  live.acceptKey('openai', KEY);
  const env = {
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: live.providerUrl('openai'),
    GOOGLE_API_KEY: '',
    ANTHROPIC_API_KEY: '',
  };
  return { live, config, cassettes, env };
}

async function readAll(cassettes: string, id = 'openai/chat'): Promise<string> {
  return await readFile(join(cassettes, id, 'cassette.json'), 'utf8');
}

describe('tally record', () => {
  test('replaces the cassettes of the cases that were asked for', { tags }, async () => {
    const { live, config, cassettes, env } = await prepare();
    const before = await readAll(cassettes, 'google/chat');
    const run = await runTally(['record', '--config', config, '--case', 'openai/chat*'], env);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).toMatch(/2 of 2 cases can be played live, for about \$0\.0000\d of \$0\.10/);
    expect(run.stdout).toMatch(/recorded openai\/chat +\$0\.00001\n/);
    expect(run.stdout).toContain('2 recorded, 0 refused, 0 skipped; $0.00002 spent');
    const old = new Map((await loadCassettes(CASSETTES)).map((one) => [one.id, one]));
    for (const { id, provenance, interactions } of await loadCassettes(cassettes)) {
      if (!id.startsWith('openai/')) continue;
      expect(provenance).toMatchObject({ kind: 'live', costUsd: 0.00001155 });
      const [recorded] = old.get(id)?.interactions ?? [];
      expect(interactions[0]?.request).toEqual(recorded?.request);
      expect(interactions[0]?.response.bytes).toEqual(recorded?.response.bytes);
      const offsets = (chunks: (typeof interactions)[number]['response']['chunks']) =>
        chunks?.map(([offset]) => offset);
      expect(offsets(interactions[0]?.response.chunks)).toEqual(offsets(recorded?.response.chunks));
    }
    expect(live.findings).toEqual([]);
    expect(await readAll(cassettes, 'google/chat')).toBe(before);
  });

  test('keeps no secret that a provider repeats, and no answer that is not sound', {
    tags: ['slow'],
  }, async () => {
    const { live, config, cassettes, env } = await prepare();
    const before = await readAll(cassettes, 'openai/chat-stream');
    const recorded = JSON.parse(await readAll(cassettes)).interactions[0].response.body;
    const base64 = Buffer.from(`user:${KEY}`).toString('base64');
    live.script(
      KEY,
      {
        answer: {
          kind: 'verbatim',
          status: 200,
          headers: {
            'content-type': 'application/json',
            'set-cookie': `session=${KEY}`,
            'x-debug': `Bearer ${KEY}`,
            'openai-organization': 'canary-organization',
            location: `/v1?key=${encodeURIComponent(KEY)}`,
          },
          body: JSON.stringify({ ...recorded, [KEY]: base64, system_fingerprint: `fp ${KEY}` }),
        },
      },
      { answer: { kind: 'generated', inputTokens: 5, outputTokens: 5 }, omits: ['end'] },
    );
    const run = await runTally(['record', '--config', config, '--case', 'openai/chat*'], env);
    expect(run.stdout).toMatch(/recorded openai\/chat /);
    expect(run.stdout).toMatch(
      /refused +openai\/chat-stream[\s\S]*does not reach its grammar's end/,
    );
    expect(run.exitCode, run.stderr).toBe(1);
    expect(await readAll(cassettes, 'openai/chat-stream')).toBe(before);
    const written = await readAll(cassettes);
    for (const text of [written, run.stdout, run.stderr]) {
      expect(text).not.toMatch(/canary|c2stbGl2ZS1jYW5hcnk|stbGl2ZS1jYW5hcnkt|LWxpdmUtY2FuYXJ5/);
    }
    expect(JSON.parse(written).redactions.length).toBeGreaterThanOrEqual(5);
    expect(run.stdout).toContain('Rules that found nothing: ');
  });

  test('leaves the old cassette whole when it is interrupted', { tags: ['slow'] }, async () => {
    const { live, config, cassettes, env } = await prepare();
    const before = await readAll(cassettes, 'openai/chat-stream');
    const answer = { kind: 'generated', inputTokens: 5, outputTokens: 5 } as const;
    live.script(KEY, { answer, holdAfterContentEvents: 2 });
    const args = [TALLY, 'record', '--config', config, '--case', 'openai/chat-stream'];
    const child = spawn(process.execPath, args, {
      env: { ...processEnvironment(), ...env },
      stdio: 'ignore',
    });
    const closed = once(child, 'close', { signal: AbortSignal.timeout(60_000) });
    await live.untilHeld(KEY, 1, { timeoutMs: 60_000 });
    child.kill('SIGINT');
    expect((await closed)[0]).not.toBe(0);
    expect(await readAll(cassettes, 'openai/chat-stream')).toBe(before);
    await live.untilQuiet();
  });

  test.for([
    [{ OPENAI_API_KEY: '' }, /skipped +openai\/chat +OPENAI_API_KEY is not set/],
    [{ TALLY_LIVE_BUDGET_USD: '0.00001' }, /skipped +openai\/chat .*would cross the budget/],
  ] as const)('calls nobody with %j, and says so', { tags }, async ([changes, said]) => {
    const { live, config, env } = await prepare();
    const args = ['record', '--config', config, '--case', 'openai/chat'];
    const run = await runTally(args, { ...env, ...changes });
    expect(run.stdout).toMatch(said);
    expect(run.exitCode, run.stderr).toBe(2);
    expect(live.ledger.calls).toEqual([]);
  });

  test.for([
    [['record'], 'No case was named.'],
    [['record', '--case', 'openai/chatt'], 'Did you mean "openai/chat"?'],
  ] as const)('%j is refused with a fix', { tags }, async ([args, said]) => {
    const run = await runTally(args);
    expect(run.stderr).toContain(said);
    expect(run.exitCode, run.stderr).toBe(70);
  });
});
