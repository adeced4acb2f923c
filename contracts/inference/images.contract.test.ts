import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { routeEnded } from '#contracts/movements.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { ServiceUser } from '#contracts/testing/service-user.ts';
import type { ExpectedMovement, ProviderScript } from '#harness/index.ts';
import { attempted, billed, callEnded } from './movements.ts';
import { readUsageRows } from './usage-rows.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };
const ENDPOINT = 'images/generations';

const generated = (images: number): ProviderScript => ({
  answer: { kind: 'generated', inputTokens: 9, outputTokens: 272, images },
});

type Served = Parameters<typeof attempted>[0];

const made = ({ provider, model }: Served, images: number): ExpectedMovement => ({
  [`byom_images_total{model="${model}",provider="${provider}"}`]: images,
});

/** Billed by the image: no tokens are reported, and none are observed. */
const billedByImage = ({ provider, model }: Served, costPicoUsd: number): ExpectedMovement => ({
  [`byom_cost_pico_usd_total{model="${model}",provider="${provider}",source="provider"}`]:
    costPicoUsd,
});

async function readImages({ database }: RunningService, { name }: ServiceUser): Promise<number> {
  const rows = await database.query(
    `select sum(images) as images from usage_events
     join users on users.id = user_id where users.name = '${name}'`,
  );
  return Number(rows[0]?.['images']);
}

describe('images that are billed by their tokens', () => {
  const tokens = { input: 9, output: 272 };
  const cases = [
    // 9 × 2,000,000 + 272 × 8,000,000
    [{ provider: 'openai', model: 'gpt-image-1-mini' }, 2, 2_194_000_000],
    // 9 × 300,000 + 272 × 30,000,000
    [{ provider: 'google', model: 'gemini-2.5-flash-image' }, 1, 8_162_700_000],
  ] as const;

  test.for(cases)('by %o', integration, async ([served, images, costPicoUsd], { service }) => {
    const { provider, model } = served;
    const user = service.newUser({ ownKey: provider });
    service.simulator.script(user.providerKey ?? '', generated(images));
    const movement = await service.metrics.during(async () => {
      const answer = await user.call('POST', `/${ENDPOINT}`, { model, prompt: 'A cat', n: images });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body).toMatchObject({
        data: Array.from({ length: images }, () => ({ b64_json: expect.any(String) })),
        usage: { input_tokens: 9, output_tokens: 272, total_tokens: 281 },
      });
      expect(answer.headers.get('x-byom-credential')).toBe('user');
    });
    expect(movement).toEqualMovement({
      ...callEnded(ENDPOINT, { status: 200, outcome: 'success' }),
      ...attempted(served, { outcome: 'success' }),
      ...billed(served, { source: 'provider', tokens, costPicoUsd }),
      ...made(served, images),
    });
    expect(await readUsageRows(service, user)).toMatchObject([
      {
        endpoint: ENDPOINT,
        input: '9',
        output: '272',
        source: 'provider',
        cost_pico_usd: String(costPicoUsd),
      },
    ]);
    expect(await readImages(service, user)).toBe(images);
  });
});

describe('images that are billed one by one', () => {
  const cases = [
    [{ provider: 'openai', model: 'dall-e-3' }, 1],
    [{ provider: 'google', model: 'imagen-4.0-generate-001' }, 3],
  ] as const;

  test.for(cases)('by %o', integration, async ([served, images], { service }) => {
    const { provider, model } = served;
    const user = service.newUser({ ownKey: provider });
    service.simulator.script(user.providerKey ?? '', generated(images));
    const costPicoUsd = images * 40_000_000_000;
    const movement = await service.metrics.during(async () => {
      const answer = await user.call('POST', `/${ENDPOINT}`, { model, prompt: 'A cat', n: images });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body).toMatchObject({ data: Array.from({ length: images }, () => ({})) });
    });
    expect(movement).toEqualMovement({
      ...callEnded(ENDPOINT, { status: 200, outcome: 'success' }),
      ...attempted(served, { outcome: 'success' }),
      ...billedByImage(served, costPicoUsd),
      ...made(served, images),
    });
    expect(await readUsageRows(service, user)).toMatchObject([
      {
        input: '0',
        output: '0',
        source: 'provider',
        cost_pico_usd: String(costPicoUsd),
      },
    ]);
    expect(await readImages(service, user)).toBe(images);
  });

  test('are those that came, not those that were asked for', integration, async ({ service }) => {
    const served = { provider: 'google', model: 'imagen-4.0-generate-001' } as const;
    const user = service.newUser({ ownKey: 'google' });
    service.simulator.script(user.providerKey ?? '', generated(1));
    const movement = await service.metrics.during(async () => {
      const body = { model: served.model, prompt: 'A cat', n: 4 };
      expect((await user.call('POST', `/${ENDPOINT}`, body)).status).toBe(200);
    });
    expect(movement).toEqualMovement({
      ...callEnded(ENDPOINT, { status: 200, outcome: 'success' }),
      ...attempted(served, { outcome: 'success' }),
      ...billedByImage(served, 40_000_000_000),
      ...made(served, 1),
    });
  });
});

describe('an error of a provider of images', () => {
  const cases = [
    [{ provider: 'openai', model: 'dall-e-3' }, 400],
    [{ provider: 'google', model: 'imagen-4.0-generate-001' }, 429],
  ] as const;

  test.for(cases)('by %o: %i', integration, async ([served, status], { service }) => {
    const { provider, model } = served;
    const user = service.newUser({ ownKey: provider });
    await user.call('PATCH', '/user-settings', { always_own_key: true });
    service.simulator.script(user.providerKey ?? '', { answer: { kind: 'error', status } });
    const movement = await service.metrics.during(async () => {
      const answer = await user.call('POST', `/${ENDPOINT}`, { model, prompt: 'A cat' });
      expect(answer).toMatchObject({ status, body: { error: { message: expect.any(String) } } });
    });
    expect(movement).toEqualMovement({
      ...callEnded(ENDPOINT, { status, outcome: 'error' }),
      ...attempted(served, { outcome: 'error' }),
    });
    expect(await readUsageRows(service, user)).toMatchObject([
      { source: 'none', cost_pico_usd: '0' },
    ]);
  });

  test('is not needed to refuse a body without a prompt', integration, async ({ service }) => {
    const user = service.newUser({ ownKey: 'openai' });
    const movement = await service.metrics.during(async () => {
      const answer = await user.call('POST', `/${ENDPOINT}`, { model: 'dall-e-3' });
      expect(answer).toMatchObject({ status: 400, body: { error: { param: 'prompt' } } });
    });
    expect(movement).toEqualMovement(routeEnded(`POST /${ENDPOINT}`, 400));
  });
});
