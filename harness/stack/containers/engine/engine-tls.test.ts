import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineAddress } from './docker-engine.ts';
import { serveEngine } from './fake-engine.fixture.ts';
import { requireEngine } from './find-engine.ts';

let folder: string;

describe('an engine behind TLS', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'engine-tls-'));
    for (const authority of ['ours', 'theirs']) makeCertificates(join(folder, authority));
    await cp(at('ours'), at('mixed'), { recursive: true });
    await cp(join(at('theirs'), 'key.pem'), join(at('mixed'), 'key.pem'));
    await cp(at('ours'), at('damaged'), { recursive: true });
    await writeFile(join(at('damaged'), 'cert.pem'), 'nothing');
    // Trusts the engine, which does not know who asks.
    await cp(at('theirs'), at('unknown'), { recursive: true });
    await cp(join(at('ours'), 'ca.pem'), join(at('unknown'), 'ca.pem'));
  });
  afterAll(async () => await rm(folder, { recursive: true, force: true }));

  test('answers whoever has its certificates', async () => {
    await expect(ask(await serveBehindTls('127.0.0.1'), at('ours'))).resolves.toBeUndefined();
  });

  test.for([
    ['nowhere', /no such file or directory, open .+\/(?:ca|cert|key)\.pem/],
    ['theirs', /self-signed certificate in certificate chain|unable to verify/],
    ['mixed', /key values mismatch/],
    ['damaged', /no start line/],
    ['unknown', /alert|ECONNRESET|socket hang up/],
  ] as const)('does not answer whoever has those that are "%s"', async ([name, reason]) => {
    await expect(ask(await serveBehindTls('127.0.0.1'), at(name))).rejects.toMatchObject({
      code: 'H_STACK_ENGINE_TLS',
      message: expect.stringMatching(reason),
    });
  });

  test('is not asked under a name that its certificate does not have', async () => {
    const { host } = await serveBehindTls('127.0.0.1');
    const other = { host: host.replace('127.0.0.1', 'localhost') };
    await expect(ask(other, at('ours'))).rejects.toMatchObject({
      code: 'H_STACK_ENGINE_TLS',
      message: expect.stringContaining("does not match certificate's altnames"),
    });
  });

  test('says so to whoever speaks without TLS, and the other way round', async () => {
    // As Docker does; a Node behind TLS would only hang up.
    const picky = await serveEngine(
      (_, answer) =>
        void answer.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n'),
      { host: '127.0.0.1' },
    );
    for (const certificates of [undefined, at('ours')]) {
      await expect(ask(picky.address, certificates)).rejects.toMatchObject({
        code: 'H_STACK_ENGINE_TLS',
        message: expect.stringMatching(/without TLS: it answered 400|with what is in .+: .+/),
      });
    }
  });

  test('is absent where nobody listens, whatever the certificates', async () => {
    const engine = await serveEngine(() => undefined, { host: '127.0.0.1' });
    engine.close();
    await expect(ask(engine.address, at('ours'))).rejects.toMatchObject({
      code: 'H_STACK_ENGINE_ABSENT',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('is not confused with one that denies', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root may read every key');
    await cp(at('ours'), at('secret'), { recursive: true });
    await chmod(join(at('secret'), 'key.pem'), 0);
    const engine = await serveBehindTls('127.0.0.1');
    await expect(ask(engine, at('secret'))).rejects.toMatchObject({ code: 'H_STACK_ENGINE_TLS' });
  });
});

const at = (name: string): string => join(folder, name);

async function ask({ host }: EngineAddress, certificates: string | undefined): Promise<void> {
  await requireEngine({ host, certificates }, AbortSignal.timeout(5_000));
}

async function serveBehindTls(host: string): Promise<EngineAddress> {
  const files = ['ca.pem', 'cert.pem', 'key.pem'].map((file) => readFile(join(at('ours'), file)));
  const [ca, cert, key] = await Promise.all(files);
  const tls: ServerOptions = { ca, cert, key, requestCert: true, rejectUnauthorized: true };
  return (await serveEngine((_, answer) => void answer.end('OK'), { host, tls })).address;
}

/** An authority of its own, and one certificate of it for both ends. */
function makeCertificates(into: string): void {
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: into, stdio: 'pipe', timeout: 10_000 });
  execFileSync('mkdir', [into]);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const ca = ['-subj', '/CN=authority', '-keyout', 'ca-key.pem', '-out', 'ca.pem'];
  openssl('req', '-x509', ...key, '-days', '2', ...ca);
  const own = ['-subj', '/CN=engine', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-keyout', 'key.pem', '-out', 'cert.pem'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '2',
    ...own,
    '-addext',
    'basicConstraints=critical,CA:FALSE',
    ...by,
  );
}
