import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadCassettes } from './load-cassettes.ts';
import { type CassetteContent, wireJson, writeCassette } from './write-cassette.ts';

const ID = 'openai/chat-stream';
const nothingToCheck = () => undefined;

function content(text: string): CassetteContent {
  return {
    document: {
      format: 1,
      id: ID,
      provenance: {
        kind: 'live',
        date: '2026-11-22',
        modelRequested: 'm',
        modelServed: 'm',
        recorder: 'test',
      },
      redactions: [],
      repeat: false,
      volatile: [],
      interactions: [
        {
          request: { method: 'POST', path: '/v1/chat/completions', body: { z: 1, a: 2 } },
          response: { status: 200, headers: {}, file: '001.response.sse', wire: '001.wire.json' },
        },
      ],
    },
    files: new Map([
      ['001.response.sse', Buffer.from(text)],
      [
        '001.wire.json',
        wireJson([
          [0, 0],
          [3, 1.25],
        ]),
      ],
    ]),
  };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-cassettes-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function saidBy(root: string): Promise<string | undefined> {
  const [cassette] = await loadCassettes(root);
  return cassette?.interactions[0]?.response.bytes.toString();
}

describe('writeCassette', () => {
  test('writes what loads again, sorted and sealed, and leaves nothing beside it', async () => {
    const root = await temporaryFolder();
    await writeCassette(root, content('data: one\n\n'), nothingToCheck);
    await writeCassette(root, content('data: two\n\n'), nothingToCheck);
    const [cassette] = await loadCassettes(root);
    expect(cassette?.interactions[0]?.response.chunks).toEqual([
      [0, 0],
      [3, 1.25],
    ]);
    expect(await saidBy(root)).toBe('data: two\n\n');
    const text = await readFile(join(root, ID, 'cassette.json'), 'utf8');
    expect(text.indexOf('"a"')).toBeLessThan(text.indexOf('"z"'));
    await expect(access(join(root, '.tally-aside'))).rejects.toThrow('ENOENT');
  });

  test('leaves the old cassette whole when the check refuses any byte', async () => {
    const root = await temporaryFolder();
    await writeCassette(root, content('data: old\n\n'), nothingToCheck);
    const refuse = (name: string, bytes: Buffer) => {
      if (bytes.includes('new')) throw new Error(`${name} must not be written`);
    };
    const written = writeCassette(root, content('data: new\n\n'), refuse);
    await expect(written).rejects.toThrow(`${ID}/001.response.sse must not be written`);
    expect(await saidBy(root)).toBe('data: old\n\n');
  });

  test('puts back what a killed recording had moved aside', async () => {
    const root = await temporaryFolder();
    await writeCassette(root, content('data: old\n\n'), nothingToCheck);
    await mkdir(join(root, '.tally-aside/old/openai'), { recursive: true });
    await rename(join(root, ID), join(root, '.tally-aside/old', ID));
    const failing = new Map([['nowhere/001.response.sse', Buffer.from('new')]]);
    const written = writeCassette(root, { ...content(''), files: failing }, nothingToCheck);
    await expect(written).rejects.toThrow('[H_CASSETTE_UNWRITABLE]');
    expect(await saidBy(root)).toBe('data: old\n\n');
  });
});
