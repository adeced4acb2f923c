import { describe, expect, test } from 'vitest';
import { chooseStack } from './choose-stack.ts';
import { serveEngine } from './containers/engine/fake-engine.fixture.ts';
import { engineError } from './containers/engine/find-engine.ts';

const NOWHERE = { databaseUrl: undefined, prometheus: undefined };
const IMAGES = { postgres: 'here/postgres:1', prometheus: 'here/prometheus:1' };

describe('chooseStack', () => {
  test('takes what was asked for, whatever is there', async () => {
    const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    const harness = { env, images: IMAGES, external: NOWHERE };
    expect(await chooseStack(harness, 'containers')).toEqual({
      backend: 'containers',
      reason: 'asked for with --stack',
    });
  });

  test('takes containers for a service in containers, also where URLs of servers are given', async () => {
    const external = {
      databaseUrl: 'postgres://127.0.0.1/x',
      prometheus: { url: 'http://127.0.0.1:9090', headers: {} },
    };
    const harness = { env: {}, images: IMAGES, external, serviceImage: 'byom:1.2' };
    expect(await chooseStack(harness)).toEqual({
      backend: 'containers',
      reason: 'as the service does',
    });
  });

  test('takes servers whose URLs are given; a DATABASE_URL alone is the service’s', async () => {
    const databaseUrl = 'postgres://127.0.0.1/x';
    const prometheus = { url: 'http://127.0.0.1:9090', headers: {} };
    const harness = { env: { DOCKER_HOST: 'unix:///nowhere' }, images: IMAGES };
    const both = { databaseUrl, prometheus };
    expect(await chooseStack({ ...harness, external: both })).toMatchObject({
      backend: 'external',
    });
    const one = { databaseUrl, prometheus: undefined };
    expect(await chooseStack({ ...harness, external: one })).toMatchObject({
      backend: 'embedded',
    });
  });

  test('takes containers where an engine has the images', async () => {
    const env = { DOCKER_HOST: await serveImages(['here/postgres:1', 'here/prometheus:1']) };
    expect(await chooseStack({ env, images: IMAGES, external: NOWHERE })).toEqual({
      backend: 'containers',
      reason: `the Docker engine at ${env.DOCKER_HOST} has the images`,
    });
  });

  test('pulls nothing unasked, and names the image that an engine has not', async () => {
    const env = { DOCKER_HOST: await serveImages(['here/postgres:1']) };
    expect(await chooseStack({ env, images: IMAGES, external: NOWHERE })).toEqual({
      backend: 'embedded',
      reason: `the Docker engine at ${env.DOCKER_HOST} has no here/prometheus:1; --stack containers pulls`,
    });
  });

  test('takes the embedded stack where no engine answers, and says why', async () => {
    const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    expect(await chooseStack({ env, images: IMAGES, external: NOWHERE })).toEqual({
      backend: 'embedded',
      reason:
        'No Docker engine answers at unix:///nowhere/docker.sock (connect ENOENT /nowhere/docker.sock).',
    });
  });

  test('does not wait for an engine that is silent', async () => {
    const env = { DOCKER_HOST: (await serveEngine(() => undefined)).address.host };
    const startedAtMs = performance.now();
    expect(await chooseStack({ env, images: IMAGES, external: NOWHERE })).toMatchObject({
      backend: 'embedded',
    });
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
  });

  test('waits longer for an engine on another machine', async () => {
    const engine = await serveEngine((_, answer) => void setTimeout(() => answer.end('{}'), 400), {
      host: '127.0.0.1',
    });
    const env = { DOCKER_HOST: engine.address.host };
    expect(await chooseStack({ env, images: IMAGES, external: NOWHERE })).toMatchObject({
      backend: 'containers',
    });
  });

  test('takes the embedded stack where DOCKER_HOST cannot be used, and says why', async () => {
    const env = { DOCKER_HOST: 'ssh://docker' };
    expect(await chooseStack({ env, images: IMAGES, external: NOWHERE })).toEqual({
      backend: 'embedded',
      reason: 'DOCKER_HOST=ssh://docker cannot be used: testcontainers does not speak SSH.',
    });
  });

  test('names the context that is not followed', async () => {
    const env = { DOCKER_CONTEXT: 'far', HOME: '/nowhere' };
    expect(await chooseStack({ env, images: IMAGES, external: NOWHERE })).toMatchObject({
      backend: 'embedded',
      reason: expect.stringContaining('context "far" (unreadable) is not followed'),
    });
  });

  test('looks for the images that docker-compose.yml names, and for no variable', async () => {
    const env = { DOCKER_HOST: await serveImages([]) };
    const { reason } = await chooseStack({ env, images: {}, external: NOWHERE });
    expect(reason).toMatch(/has no postgres:\d+\.\d+ and no prom\/prometheus:v\d+\.\d+\.\d+;/);
  });
});

describe('an engine that cannot be used', () => {
  test.for([
    ['connect EACCES /var/run/docker.sock', 'H_STACK_ENGINE_DENIED', 'This user may not speak'],
    ['connect ECONNREFUSED 10.0.0.7:2375', 'H_STACK_ENGINE_ABSENT', 'ECONNREFUSED 10.0.0.7:2375'],
  ] as const)('after %s is told as %s', ([reason, code, text]) => {
    const error = engineError({ host: 'unix:///var/run/docker.sock' }, new Error(reason));
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
  });
});

/** Returns the DOCKER_HOST of an engine that has these images and nothing else. */
async function serveImages(images: readonly string[]): Promise<string> {
  const paths = images.map((image) => `GET /images/${image}/json`);
  const engine = await serveEngine(
    (asked, answer) => void answer.writeHead(paths.includes(asked) ? 200 : 404).end('{}'),
  );
  return engine.address.host;
}
