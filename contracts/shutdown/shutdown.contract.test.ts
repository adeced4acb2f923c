import { expect } from 'vitest';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { startSibling } from '#contracts/testing/start-sibling.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };
const REQUEST = {
  model: 'gpt-5.4-nano',
  stream: true,
  messages: [{ role: 'user', content: 'Name three witnesses' }],
};

/** A stream at another process of the service, which its provider holds after one event. */
function openStream({ newUser, simulator }: RunningService, { url }: { url: string }) {
  const user = newUser({ ownKey: 'openai' });
  const key = user.providerKey ?? '';
  simulator.script(key, {
    answer: { kind: 'generated', inputTokens: 9, outputTokens: 3 },
    holdAfterContentEvents: 1,
  });
  return { user, key, open: user.call('POST', '/chat/completions', REQUEST, { url }) };
}

test(
  'a shutdown refuses new calls, lets an open stream end and writes its row',
  integration,
  async ({ service }) => {
    await using sibling = await startSibling(service, {});
    const { user, key, open } = openStream(service, sibling);
    await service.simulator.untilHeld(key, 1);
    const stopped = sibling.stop();
    await expect
      .poll(() => fetch(`${sibling.url}/health`).catch(() => 'refused'), { timeout: 5_000 })
      .toBe('refused');
    service.simulator.release(key);
    const { status, text } = await open;
    expect([status, text.endsWith('data: [DONE]\n\n')]).toEqual([200, true]);
    expect(await stopped).toEqual({ code: 0, signal: null });
    const rows = await service.database.query(
      `select outcome, source from usage_events join users on users.id = user_id
       where users.name = '${user.name}'`,
    );
    expect(rows).toEqual([{ outcome: 'success', source: 'provider' }]);
  },
);

test(
  'a shutdown cuts what does not end within its limit, and writes its row all the same',
  integration,
  async ({ service }) => {
    await using sibling = await startSibling(service, { SHUTDOWN_LIMIT_MS: '100' });
    const { user, key, open } = openStream(service, sibling);
    const cut = expect(open).rejects.toThrow('terminated');
    await service.simulator.untilHeld(key, 1);
    expect(await sibling.stop()).toEqual({ code: 0, signal: null });
    await cut;
    const rows = await service.database.query(
      `select outcome, source, output_tokens from usage_events join users on users.id = user_id
       where users.name = '${user.name}'`,
    );
    expect(rows).toEqual([{ outcome: 'client_abort', source: 'estimate', output_tokens: '1' }]);
  },
);
