import { afterAll, beforeAll, describe, expect } from 'vitest';
import {
  type RecordingProvider,
  startRecordingProvider,
} from '#contracts/testing/recording-provider.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import { serviceTest } from '#contracts/testing/service-test.ts';
import {
  type Answer,
  createServiceUser,
  type ServiceUser,
} from '#contracts/testing/service-user.ts';
import { listReferences, makeReferred, type Reference, sendFilled } from './fill-request.ts';
import {
  isPublic,
  listOperations,
  type Operation,
  readPublishedDocument,
} from './openapi-document.ts';
import { agreeableAnswer, resources } from './recipes.ts';

/** Made from the published document: a new path is in it as soon as it is documented. */
const operations = listOperations(readPublishedDocument()).filter((one) => !isPublic(one));
const references = operations.flatMap((operation) =>
  listReferences(operation).map((reference) => ({ ...operation, operation, reference })),
);

let provider: RecordingProvider;

const test = serviceTest({ environment: () => ({ OPENAI_BASE_URL: provider.url }) });
const integration = { tags: ['integration'] };

beforeAll(async () => {
  provider = await startRecordingProvider();
  provider.answer = agreeableAnswer;
});
afterAll(() => provider[Symbol.asyncDispose]());

/** Everything in the database, as text. */
async function readRows({ database }: RunningService): Promise<string[]> {
  const tables = await database.query(
    "select table_name from information_schema.tables where table_schema = 'public'",
  );
  const rows: string[] = [];
  for (const { table_name } of tables) {
    const found = await database.query(
      `select '${table_name} ' || to_jsonb(t)::text as row from "${table_name}" t`,
    );
    rows.push(...found.map(({ row }) => row ?? ''));
  }
  return rows.sort();
}

async function readRowsOf(service: RunningService, marks: readonly string[]): Promise<string[]> {
  return (await readRows(service)).filter((row) => marks.some((mark) => row.includes(mark)));
}

/** One of each thing a user can own; gives their ids and the user's own. */
async function ownEverything(service: RunningService, user: ServiceUser): Promise<string[]> {
  const [row] = await service.database.query(`select id from users where name = '${user.name}'`);
  const ids = [row?.['id'] ?? ''];
  for (const make of new Set(Object.values(resources))) ids.push(await make(service, user));
  return ids;
}

/** Some errors name the request that they answer. */
function withoutItsId({ text, headers }: Answer): string {
  return text.replaceAll(headers.get('x-request-id') ?? '', '');
}

function expectAccepted({ status, text }: Answer): void {
  expect(status, text).toBeLessThan(300);
}

async function makeOwn(
  operation: Operation,
  { service, user }: { service: RunningService; user: ServiceUser },
): Promise<Map<Reference, string>> {
  const ids = new Map<Reference, string>();
  for (const reference of listReferences(operation))
    ids.set(reference, await makeReferred(operation, reference, { service, user }));
  return ids;
}

describe("another user's id", () => {
  test('can stand somewhere', () => {
    expect(references.length).toBeGreaterThan(0);
  });

  test.for(references)(
    'is at $method $path ($reference.in $reference.name) as one that never was',
    integration,
    async ({ operation, reference }, { service }) => {
      const [owner, intruder] = [service.newUser(), service.newUser()];
      const foreign = await makeReferred(operation, reference, { service, user: owner });
      const own = await makeOwn(operation, { service, user: intruder });
      const place = [...own.keys()].find(({ name }) => name === reference.name) ?? reference;
      const send = (id: string) =>
        sendFilled(operation, { service, user: intruder, ids: new Map(own).set(place, id) });

      const before = await readRows(service);
      const [stolen, invented] = [await send(foreign), await send(crypto.randomUUID())];
      expect(await readRows(service)).toEqual(before);
      expect(stolen).toMatchObject({ status: 404 });
      expect(withoutItsId(stolen)).toBe(withoutItsId(invented));
      expect(stolen.text).not.toContain(foreign);

      // The request was refused for its id alone: with ids of the user's own it is answered.
      const accepted = await sendFilled(operation, { service, user: intruder, ids: own });
      expectAccepted(accepted);
    },
  );
});

describe('what one user does', () => {
  test.for(operations)(
    'with $method $path shows and changes nothing of another',
    integration,
    async (operation, { service }) => {
      const [owner, other] = [service.newUser(), service.newUser()];
      const marks = await ownEverything(service, owner);
      const before = await readRowsOf(service, marks);
      expect(before.length).toBeGreaterThanOrEqual(marks.length);
      const ids = await makeOwn(operation, { service, user: other });

      const answer = await sendFilled(operation, { service, user: other, ids });
      expectAccepted(answer);
      expect(marks.filter((mark) => answer.text.includes(mark))).toEqual([]);
      expect(await readRowsOf(service, marks)).toEqual(before);
    },
  );
});

describe('a caller without a known service key', () => {
  test.for(operations)(
    'is refused at $method $path',
    integration,
    async (operation, { service }) => {
      const serviceKey = 'sk-tally-0123456789-nobody';
      const user = createServiceUser({
        name: 'nobody',
        serviceKey,
        providerKey: undefined,
        serviceUrl: service.service.url,
        headers: { authorization: `Bearer ${serviceKey}` },
      });
      const ids = new Map(
        listReferences(operation).map((reference) => [reference, crypto.randomUUID()]),
      );
      const answer = await sendFilled(operation, { service, user, ids });
      expect(answer).toMatchObject({ status: 401 });
    },
  );
});
