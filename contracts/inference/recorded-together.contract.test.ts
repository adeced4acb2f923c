import { describe, expect } from 'vitest';
import { ANSWER, askChat } from '#contracts/credentials/chat.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import { openDatabaseReader } from '#harness/database/database-reader.ts';
import type { ProviderScript } from '#harness/index.ts';
import { readUsageRows } from './usage-rows.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };

/** Its row is refused by the database: no column takes this character. */
const UNSTORABLE: ProviderScript = {
  answer: { kind: 'generated', inputTokens: 9, outputTokens: 7, modelServed: 'gpt\u0000' },
};

describe('usage that is recorded together', () => {
  test('fails for none but the call whose row is refused', integration, async ({ service }) => {
    const callsBefore = service.simulator.ledger.calls.length;
    const scripts = [ANSWER, ANSWER, UNSTORABLE, ANSWER, ANSWER];
    const users = scripts.map((script) => {
      const user = service.newUser({ ownKey: 'openai' });
      service.simulator.script(user.providerKey ?? '', script);
      return user;
    });
    await using holder = await openDatabaseReader(service.databaseUrl);
    await holder.query('begin; lock table usage_events in access exclusive mode');
    const asked = users.map((user) => askChat(user));
    const ended = () =>
      service.simulator.ledger.calls.slice(callsBefore).filter(({ end }) => end !== undefined);
    await expect.poll(ended, { timeout: 10_000 }).toHaveLength(scripts.length);
    await holder.query('commit');
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 500, 200, 200]);
    const rows: number[] = [];
    for (const user of users) rows.push((await readUsageRows(service, user)).length);
    expect(rows).toEqual([1, 1, 0, 1, 1]);
  });
});
