import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { childEnvironment } from '#harness/config/env.ts';
import { startSimulator } from '#harness/simulator/simulator.ts';

const VITEST = resolve('node_modules/vitest/vitest.mjs');
const KEY = 'sk-live-twin-0123456789';

/** What `npm run test:live` prints, and how it ends. */
async function runLive(
  env: Record<string, string>,
  ...args: string[]
): Promise<{ said: string; exitCode: number }> {
  const command = [VITEST, 'run', '--project', 'live', '--reporter', 'verbose', ...args];
  const options = {
    env: { ...childEnvironment(), NO_COLOR: '1', ...env },
    timeout: 150_000,
    maxBuffer: 16 * 1024 * 1024,
  };
  return await new Promise((done) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      done({ said: `${stdout}${stderr}`, exitCode: Number(error?.code ?? 0) });
    });
  });
}

/** A simulator that acts as OpenAI, with the recordings; what `script` says of its first answer. */
async function startLiveOpenAi() {
  const all = await loadCassettes('fixtures/cassettes');
  const cassettes = all.map((cassette) => ({ ...cassette, repeat: true }));
  const live = await startSimulator({ cassettes });
  onTestFinished(() => live.stop());
  live.acceptKey('openai', KEY);
  const chat = all.find(({ id }) => id === 'openai/chat')?.interactions[0]?.response;
  const env = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: live.providerUrl('openai') };
  return { live, env, chat: JSON.parse(String(chat?.bytes)) };
}

describe('live tests', () => {
  test('skip and say why without keys', { tags: ['slow'] }, async () => {
    const { said, exitCode } = await runLive({});
    expect(said).toMatch(/openai\/chat: .*OPENAI_API_KEY is not set/);
    expect(said).toMatch(/google\/chat: .*GOOGLE_API_KEY is not set/);
    expect(said).toMatch(/anthropic\/chat: .*ANTHROPIC_API_KEY is not set/);
    expect(said).not.toContain('live: ');
    expect(exitCode, said).toBe(0);
  });

  test('pass what is as recorded; fail what has lost a field, and what has no key', {
    tags: ['slow'],
  }, async () => {
    const { live, env, chat } = await startLiveOpenAi();
    const { object: _, ...drifted } = chat;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ ...drifted, brand_new: KEY });
    live.script(KEY, { answer: { kind: 'verbatim', status: 200, headers, body } });
    // In the order of the file: the script is for the plain chat, the first of them.
    const filter = ['-t', '(openai|google)/chat', '--sequence.shuffle.tests=false'];
    const { said, exitCode } = await runLive({ ...env, TALLY_LIVE: '1' }, ...filter);
    expect(said).toMatch(/live: .* for about \$0\.\d+ of \$0\.10/);
    expect(said).toMatch(/× .*openai\/chat:/);
    expect(said).toContain('object is missing (it was string)');
    expect(said).toContain('brand_new is new (string)');
    expect(said).toMatch(/✓ .*openai\/chat-stream:/);
    expect(said).toContain('google/chat cannot be played live: GOOGLE_API_KEY is not set');
    expect(said).not.toContain(KEY);
    expect(exitCode, said).toBe(1);
  });

  test('call nobody when the budget does not allow it', { tags: ['slow'] }, async () => {
    const { live, env } = await startLiveOpenAi();
    const { said, exitCode } = await runLive(
      { ...env, TALLY_LIVE_BUDGET_USD: '0.000001' },
      '-t',
      'openai/chat:',
    );
    expect(said).toMatch(/openai\/chat: .*would cross the budget of \$0\.00000/);
    expect(live.ledger.calls).toEqual([]);
    expect(exitCode, said).toBe(0);
  });
});
