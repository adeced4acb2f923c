import { describe, expect } from 'vitest';
import '#harness/testing/matchers.ts';
import { ANSWER, answered, providerCallsWith } from '#contracts/credentials/chat.ts';
import { storeCredential } from '#contracts/credentials/stored-credential.ts';
import { routeEnded } from '#contracts/movements.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import type { ServiceUser } from '#contracts/testing/service-user.ts';
import type { ExpectedMovement } from '#harness/index.ts';

const test = serviceTest();
const integration = { tags: ['integration'] };
const MODEL = 'gpt-5.4-nano';
interface Message {
  position: number;
  role: string;
  content: string;
}

async function startSession(user: ServiceUser, body: object = { model: MODEL }): Promise<string> {
  const { status, body: session, text } = await user.call('POST', '/agent/sessions', body);
  expect(status, text).toBe(201);
  return (session as { id: string }).id;
}

function say(user: ServiceUser, id: string, content = 'Name three witnesses') {
  return user.call('POST', `/agent/sessions/${id}/messages`, { content });
}

async function messagesOf(user: ServiceUser, id: string): Promise<Message[]> {
  const { body } = await user.call('GET', `/agent/sessions/${id}`);
  return (body as { messages: Message[] }).messages;
}

/** What one turn moves that was answered with ANSWER. */
function turnAnswered(credential: 'user' | 'system'): ExpectedMovement {
  return {
    ...routeEnded('POST /agent/sessions/:id/messages', 200),
    'byom_inference_requests_total{endpoint="agent/sessions",outcome="success"}': 1,
    ...answered(credential),
  };
}

describe('an agent session', () => {
  test('remembers what was said, and tells it to the model', integration, async ({ service }) => {
    const user = service.newUser({ ownKey: 'openai' });
    const id = await startSession(user, { model: MODEL, instructions: 'Be brief.' });
    const key = user.providerKey ?? '';
    service.simulator.script(key, ANSWER);
    service.simulator.script(key, ANSWER);
    const movement = await service.metrics.during(async () => {
      const answer = await say(user, id, 'Who was there?');
      expect(answer, answer.text).toMatchObject({
        status: 200,
        body: { object: 'agent.message', position: 2, role: 'assistant' },
      });
      expect(answer.headers.get('x-byom-credential')).toBe('user');
    });
    expect(movement).toEqualMovement(turnAnswered('user'));
    expect((await say(user, id, 'And who else?')).body).toMatchObject({ position: 4 });
    let messages: Message[] = [];
    const reading = await service.metrics.during(async () => {
      messages = await messagesOf(user, id);
    });
    expect(reading).toEqualMovement(routeEnded('GET /agent/sessions/:id', 200));
    expect(messages.map(({ position, role }) => `${position} ${role}`)).toEqual([
      '1 user',
      '2 assistant',
      '3 user',
      '4 assistant',
    ]);
    const rows = await service.database.query(
      `select endpoint, credential, count(*) as calls from usage_events
       join users on users.id = user_id where users.name = '${user.name}' group by 1, 2`,
    );
    expect(rows).toEqual([{ endpoint: 'agent/sessions', credential: 'user', calls: '2' }]);
  });

  test('runs over the credential that it names', integration, async ({ service }) => {
    const user = service.newUser({ ownKey: 'openai' });
    const api_key = service.newProviderKey();
    const named = await storeCredential(user, { api_key, name: 'second', is_default: false });
    const id = await startSession(user, { model: MODEL, credential_id: named.id });
    service.simulator.script(api_key, ANSWER);
    expect((await say(user, id)).status).toBe(200);
    expect(providerCallsWith(service, api_key)).toBe(1);
    expect(providerCallsWith(service, user.providerKey ?? '')).toBe(0);
  });

  test('runs over the system’s key for a user without one', integration, async ({ service }) => {
    const user = service.newUser();
    const id = await startSession(user);
    service.simulator.script(service.systemKey, ANSWER);
    const movement = await service.metrics.during(async () => {
      expect((await say(user, id)).status).toBe(200);
    });
    expect(movement).toEqualMovement(turnAnswered('system'));
  });

  test(
    'forgets a turn that failed: it can be said again, and is in the history once',
    integration,
    async ({ service }) => {
      const user = service.newUser({ ownKey: 'openai' });
      const id = await startSession(user);
      const key = user.providerKey ?? '';
      service.simulator.script(key, { answer: { kind: 'error', status: 500 } });
      expect((await say(user, id)).status).toBe(500);
      expect(await messagesOf(user, id)).toEqual([]);
      service.simulator.script(key, ANSWER);
      expect((await say(user, id)).status).toBe(200);
      expect(await messagesOf(user, id)).toHaveLength(2);
    },
  );

  test('answers one turn at a time', integration, async ({ service }) => {
    const user = service.newUser({ ownKey: 'openai' });
    const id = await startSession(user);
    const key = user.providerKey ?? '';
    service.simulator.script(key, { ...ANSWER, holdAfterContentEvents: 0 });
    const first = say(user, id);
    await service.simulator.untilHeld(key, 1);
    const second = await say(user, id);
    expect(second).toMatchObject({ status: 409, body: { error: { code: 'session_busy' } } });
    service.simulator.release(key);
    expect((await first).status).toBe(200);
    expect(await messagesOf(user, id)).toHaveLength(2);
  });

  test('cannot be started over another user’s credential', integration, async ({ service }) => {
    const { id } = await storeCredential(service.newUser(), { api_key: service.newProviderKey() });
    const intruder = service.newUser();
    const { status, body } = await intruder.call('POST', '/agent/sessions', { credential_id: id });
    expect({ status, body }).toMatchObject({
      status: 404,
      body: { error: { code: 'credential_not_found' } },
    });
  });

  test('is listed for its user alone', integration, async ({ service }) => {
    const [user, other] = [service.newUser(), service.newUser()];
    const id = await startSession(user);
    const idsOf = async (who: ServiceUser) => {
      const { body } = await who.call('GET', '/agent/sessions');
      return (body as { data: { id: string }[] }).data.map((session) => session.id);
    };
    expect([await idsOf(user), await idsOf(other)]).toEqual([[id], []]);
  });
});
