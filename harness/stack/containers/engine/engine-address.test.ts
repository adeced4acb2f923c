import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { engineAddress } from './engine-address.ts';

const TLS = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: 'certs' };

describe('the address of an engine', () => {
  test.for([
    [{ DOCKER_HOST: 'unix:///run/x.sock' }, { host: 'unix:///run/x.sock' }],
    [{ DOCKER_HOST: 'tcp://10.0.0.7:2375' }, { host: 'tcp://10.0.0.7:2375' }],
    [{ DOCKER_HOST: 'tcp://docker:2375/' }, { host: 'tcp://docker:2375' }],
    [{ DOCKER_HOST: 'http://docker:2375' }, { host: 'http://docker:2375' }],
    // Of no use without DOCKER_TLS_VERIFY, to testcontainers neither.
    [{ DOCKER_HOST: 'tcp://a:2375', DOCKER_CERT_PATH: '/c' }, { host: 'tcp://a:2375' }],
    [{ DOCKER_HOST: 'unix:///run/x.sock', DOCKER_TLS_VERIFY: '1' }, { host: 'unix:///run/x.sock' }],
    // Absolute, since the guard that reads them too runs in another folder.
    [
      { DOCKER_HOST: 'tcp://docker:2376', ...TLS },
      { host: 'tcp://docker:2376', certificates: resolve('certs') },
    ],
    [
      { DOCKER_HOST: 'https://docker:1234', ...TLS },
      { host: 'https://docker:1234', certificates: resolve('certs') },
    ],
  ] as const)('is read from %j', ([env, address]) => {
    expect(engineAddress(env)).toEqual({ certificates: undefined, ...address });
  });

  test.for([
    [
      { DOCKER_HOST: 'ssh://me@docker' },
      /^DOCKER_HOST=ssh:\/\/docker .+ does not speak SSH\.\nfix: .+TLS/,
    ],
    [
      { DOCKER_HOST: 'foo' },
      /^DOCKER_HOST=foo .+ no address of an engine\.\nfix: .+tcp:\/\/host:port/,
    ],
    [{ DOCKER_HOST: '10.0.0.7:2375' }, /no address of an engine/],
    [{ DOCKER_HOST: 'docker:2375' }, /no address of an engine/],
    [{ DOCKER_HOST: '/var/run/docker.sock' }, /no address of an engine/],
    [{ DOCKER_HOST: 'npipe:////./pipe/docker_engine' }, /no address of an engine/],
    [{ DOCKER_HOST: 'fd://' }, /no address of an engine/],
    [{ DOCKER_HOST: 'unix://' }, /names no absolute path/],
    [{ DOCKER_HOST: 'unix://run/docker.sock' }, /names no absolute path/],
    [{ DOCKER_HOST: 'unix:///run/x.sock', ...TLS }, /a socket has no TLS\.\nfix: Unset DOCKER_TLS/],
    [{ DOCKER_HOST: 'tcp://docker' }, /names no host or no port/],
    [{ DOCKER_HOST: 'tcp://:2375' }, /names no host or no port|no address/],
    [{ DOCKER_HOST: 'tcp://[fd00::7]:2375' }, /IPv4 only/],
    [{ DOCKER_HOST: 'tcp://docker:2375/prefix' }, /the path \/prefix is not sent/],
    [{ DOCKER_HOST: 'tcp://docker:2376' }, /means TLS, and DOCKER_TLS_VERIFY is not set/],
    [{ DOCKER_HOST: 'https://docker:2375' }, /means TLS, and DOCKER_TLS_VERIFY is not set/],
    [{ DOCKER_HOST: 'tcp://docker:2376', ...TLS, DOCKER_TLS_VERIFY: 'yes' }, /"yes".+ knows 1/],
    [{ DOCKER_HOST: 'tcp://docker:2376', DOCKER_TLS_VERIFY: '1' }, /DOCKER_CERT_PATH is not set/],
  ] as const)('cannot be read from %j', ([env, message]) => {
    expect(() => engineAddress(env)).toThrow(
      expect.objectContaining({
        code: 'H_STACK_ENGINE_ADDRESS',
        message: expect.stringMatching(message),
      }),
    );
  });

  test('shows no password', () => {
    expect(() => engineAddress({ DOCKER_HOST: 'tcp://me:secret@docker' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});

describe("Docker's context", () => {
  test('is passed over, and named', async () => {
    const DOCKER_CONFIG = await configFolder({ currentContext: 'far' });
    const passedOver = `Docker's context "far" (tcp://10.0.0.7:2375) is not followed, only DOCKER_HOST is`;
    expect(engineAddress({ DOCKER_CONFIG })).toMatchObject({ passedOver });
    const named = { DOCKER_CONFIG, DOCKER_CONTEXT: 'lost' };
    expect(engineAddress(named).passedOver).toContain(`"lost" (unreadable) is not followed`);
  });

  test.for([
    [{ DOCKER_HOST: 'tcp://10.0.0.8:2375' }, 'goes after DOCKER_HOST'],
    [{ DOCKER_CONTEXT: 'default' }, 'is the one that names nothing'],
    [{ DOCKER_CONTEXT: 'near' }, 'names the same engine'],
  ] as const)('is not named where %j: it %s', async ([env]) => {
    const near = engineAddress({ HOME: '/nowhere' }).host;
    const DOCKER_CONFIG = await configFolder({ currentContext: 'far', near });
    expect(engineAddress({ HOME: '/nowhere', DOCKER_CONFIG, ...env }).passedOver).toBeUndefined();
  });

  test('is looked for below HOME, and need not be there', async () => {
    expect(engineAddress({ HOME: '/nowhere' }).passedOver).toBeUndefined();
    const home = await temporaryFolder();
    await mkdir(join(home, '.docker'));
    await writeFile(join(home, '.docker/config.json'), '{"currentContext":"lost"}');
    expect(engineAddress({ HOME: home }).passedOver).toContain('"lost"');
    await writeFile(join(home, '.docker/config.json'), '{');
    expect(engineAddress({ HOME: home }).passedOver).toBeUndefined();
  });
});

/** With two contexts: "far" on another machine, and "near". */
async function configFolder(config: { currentContext: string; near?: string }): Promise<string> {
  const folder = await temporaryFolder();
  const { currentContext, near = '' } = config;
  await writeFile(join(folder, 'config.json'), JSON.stringify({ currentContext }));
  for (const [Name, Host] of [
    ['far', 'tcp://10.0.0.7:2375'],
    ['near', near],
  ] as const) {
    const id = createHash('sha256').update(Name).digest('hex');
    await mkdir(join(folder, 'contexts/meta', id), { recursive: true });
    const meta = { Name, Endpoints: { docker: { Host } } };
    await writeFile(join(folder, 'contexts/meta', id, 'meta.json'), JSON.stringify(meta));
  }
  return folder;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'docker-'));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  return folder;
}
