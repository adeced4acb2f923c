import { z } from 'zod';
import { PROVIDERS } from '#harness/cassettes/provider.ts';

const name = z.string().min(1);
const texts = z.record(z.string(), z.string());
const door = {
  provider: z.enum(PROVIDERS).optional(),
  paidBy: z.enum(['user', 'system']).optional(),
};

const providerAnswer = z.union([
  // The simulator checks its scripts itself.
  z.looseObject({ ...door, answer: z.looseObject({ kind: z.string() }) }),
  z.strictObject({ ...door, cassette: name, cannotBeRecorded: name.optional() }),
  z.strictObject({ ...door, refusedBy: z.literal('rules') }),
]);

const sentStep = z.strictObject({
  request: z.strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    path: z.string().startsWith('/', 'must start with "/"'),
    headers: texts.optional(),
    body: z.record(z.string(), z.unknown()).optional(),
  }),
  times: z.int().positive().optional(),
  expect: z.strictObject({
    status: z.int(),
    contentEvents: z.int().nonnegative().optional(),
    endsCleanly: z.boolean().optional(),
    error: name.optional(),
    headers: texts.optional(),
  }),
});

const step = sentStep.extend({
  provider: z.array(providerAnswer),
  departure: z.strictObject({ afterContentEvents: z.int().positive() }).optional(),
  atBarrier: z
    .strictObject({
      leaving: z.int().nonnegative(),
      facts: z.array(name),
      meanwhile: sentStep.optional(),
    })
    .optional(),
  saves: texts.optional(),
});

const movement = z.record(z.string(), z.number());

/** Checks a scenario of a config file; see Scenario. */
export const scenarioSchema = step.extend({
  name: name.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case'),
  says: name,
  caller: z.enum(['own-key', 'system-key', 'unknown']),
  credentials: z.partialRecord(z.enum(PROVIDERS), z.enum(['valid', 'invalid'])).optional(),
  alwaysOwnKey: z.boolean().optional(),
  followedBy: z.array(step).optional(),
  thenRestart: z.enum(['planned', 'killed']).optional(),
  movement,
  movementIn: z
    .strictObject({ testing: movement.optional(), production: movement.optional() })
    .optional(),
});
