import { expect, test } from 'vitest';
import { startWebhook } from './webhook.ts';

const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(5_000) });

const NOTIFICATION = {
  receiver: 'page',
  alerts: [{ status: 'firing', labels: { alertname: 'Down' }, annotations: { summary: 'It is.' } }],
};

test('a webhook hands over the delivery that is waited for, before or after it came', async () => {
  await using webhook = await startWebhook();
  const isDown = ({ labels }: { labels: Readonly<Record<string, string>> }): boolean =>
    labels['alertname'] === 'Down';
  const signal = AbortSignal.timeout(5_000);
  const before = webhook.waitFor(isDown, signal);
  expect((await post(`${webhook.url}/page`, NOTIFICATION)).status).toBe(200);
  const delivery = { path: '/page', receiver: 'page', ...NOTIFICATION.alerts[0] };
  expect(await before).toEqual(delivery);
  expect(await webhook.waitFor(isDown, signal)).toEqual(delivery);
});

test('a webhook refuses what no Alertmanager sends, and waits no longer than it may', async () => {
  await using webhook = await startWebhook();
  expect((await post(webhook.url, { alerts: 'none' })).status).toBe(400);
  await expect(webhook.waitFor(() => true, AbortSignal.timeout(20))).rejects.toThrow();
});
