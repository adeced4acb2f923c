import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runTally } from './run-tally.ts';

const GO_VCR = `---
version: 2
interactions:
- id: 0
  request:
    url: https://api.anthropic.com/v1/messages
    method: POST
    headers: {X-Api-Key: [sk-ant-of-the-test-0123456789]}
    body: '{"model":"claude-haiku-4-5","messages":[]}'
  response:
    code: 200
    status: 200 OK
    headers: {Request-Id: [req_1], Date: ['Mon, 17 Feb 2025 05:16:14 GMT']}
    body: '{"model":"claude-haiku-4-5","content":[]}'
- id: 1
  request: {url: 'https://api.mistral.ai/v1/chat/completions', method: POST, headers: {}, body: '{}'}
  response: {code: 200, status: 200 OK, headers: {}, body: '{}'}
`;

test('import says what became of each recording, and exits by it', {
  tags: ['integration'],
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-import-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [both, one, to] = ['both.yaml', 'one.yaml', 'cassettes'].map((name) => join(folder, name));
  await writeFile(`${both}`, GO_VCR);
  await writeFile(`${one}`, GO_VCR.slice(0, GO_VCR.indexOf('- id: 1')));

  const dry = await runTally(['import', `${both}`, '--to', `${to}`, '--dry-run']);
  expect(dry).toMatchObject({ exitCode: 2 });
  expect(dry.stdout).toBe(
    `anthropic/both  1 of both.yaml (go-vcr)
  redacted: interactions[0].response.headers.request-id (request-id, 1)
left out  both.yaml, interaction 2: the host api.mistral.ai is no provider’s own: say with --provider whose protocol it speaks
1 cassettes would be written, 1 entries left out
`,
  );
  const written = await runTally(['import', `${one}`, '--to', `${to}`]);
  expect(written).toMatchObject({ exitCode: 0 });
  expect(written.stdout).toContain(`1 cassettes written to ${to}, 0 entries left out`);
  const again = await runTally(['import', `${one}`, '--to', `${to}`]);
  expect(again).toMatchObject({ exitCode: 70 });
  expect(again.stderr).toContain('[H_IMPORT_CLASH]');
});
