import { attempted, billed, callEnded, retried } from '#contracts/inference/movements.ts';
import { added } from '#contracts/movements.ts';
import type { ExpectedMovement, Scenario } from '#harness/index.ts';
import {
  type CaseProvider,
  PROMISES,
  type ProviderCase,
  type ProviderPromise,
  type Told,
  type UsageRow,
} from './case.ts';

/** What a case asks for, and of whom. */
export interface Asked {
  readonly provider: CaseProvider;
  readonly promise: ProviderPromise;
  /** The catalogue's name; "other" for a model that it does not list. */
  readonly model: string;
  /** As the answer names it; null: it names none. The model above when left out. */
  readonly modelServed?: string | null;
  /** Of the client. Its `model` is the one above, and anthropic's limit 64, when left out. */
  readonly body: Readonly<Record<string, unknown>>;
}

type Tokens = Parameters<typeof billed>[1]['tokens'];

interface Answered {
  readonly told: Told;
  /** Streams: events with content that the client reads. */
  readonly contentEvents?: number;
  readonly tokens: Tokens;
  readonly costPicoUsd: number;
}

/** A call that is answered, and billed as the provider reports it. */
export function answered(asked: Asked, answer: Answered): ProviderCase {
  const { told, contentEvents } = answer;
  const isStream = contentEvents !== undefined;
  return createCase(asked, {
    told,
    expect: { status: 200, ...(isStream && { contentEvents, endsCleanly: true }) },
    attempts: [success(asked, answer)],
  });
}

interface Refused {
  /** The service's. */
  readonly status: number;
  /** Whatever the provider calls it. */
  readonly kind: string;
  readonly error: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cannotBeRecorded?: string;
}

/** A call that is refused: the client is told why, nothing is billed, no other key is tried. */
export function refused(asked: Asked, refusal: Refused): ProviderCase {
  const { status, error, message, headers = {}, ...more } = refusal;
  const expect = { status, error, headers };
  return createCase(asked, {
    ...more,
    told: { error, message },
    expect,
    attempts: [failure(asked, { status })],
  });
}

/** A provider that refuses, and says that it is worth asking again: the second time it answers. */
export function answeredAtSecond(
  asked: Asked,
  { status, cannotBeRecorded, ...answer }: Answered & { status: number; cannotBeRecorded: string },
): ProviderCase {
  return createCase(asked, {
    told: answer.told,
    expect: { status: 200 },
    attempts: [failure(asked, { status }), success(asked, answer)],
    cannotBeRecorded,
  });
}

interface Broken {
  readonly kind: string;
  readonly told: Told;
  readonly contentEvents: number;
  readonly error: string;
  readonly cannotBeRecorded: string;
}

/** A stream of status 200 that ends in an error. */
export function broken(asked: Asked, { contentEvents, error, ...answer }: Broken): ProviderCase {
  const { told, kind, cannotBeRecorded } = answer;
  return createCase(asked, {
    told: { ...told, error },
    expect: { status: 200, contentEvents, endsCleanly: false, error },
    attempts: [failure(asked, { status: 200, hasContent: true })],
    kind,
    cannotBeRecorded,
  });
}

interface CaseAttempt {
  readonly row: UsageRow;
  readonly movement: ExpectedMovement;
}

const NO_TOKENS = { input: 0, cached_input: 0, cache_write: 0, output: 0, reasoning: 0 };

function success(
  { provider, model, modelServed = model }: Asked,
  { told, contentEvents, tokens, costPicoUsd }: Answered,
): CaseAttempt {
  const { images = [] } = told;
  const hasContent = contentEvents !== undefined;
  return {
    row: {
      model_served: modelServed,
      outcome: 'success',
      provider_status: '200',
      source: 'provider',
      ...texts({ ...NO_TOKENS, ...tokens }),
      cost_pico_usd: String(costPicoUsd),
    },
    movement: {
      ...attempted({ provider, model }, { outcome: 'success', hasContent }),
      ...billed({ provider, model }, { source: 'provider', tokens, costPicoUsd }),
      ...(images.length > 0 && {
        [`byom_images_total{model="${model}",provider="${provider}"}`]: images.length,
      }),
    },
  };
}

function failure(
  { provider, model, modelServed = model }: Asked,
  { status, hasContent = false }: { readonly status: number; readonly hasContent?: boolean },
): CaseAttempt {
  return {
    row: {
      // A refusal does not name who refused.
      model_served: hasContent ? modelServed : null,
      outcome: 'error',
      provider_status: String(status),
      source: 'none',
      ...texts(NO_TOKENS),
      cost_pico_usd: '0',
    },
    movement: attempted({ provider, model }, { outcome: 'error', hasContent }),
  };
}

function texts(numbers: Readonly<Record<string, number>>): UsageRow {
  return Object.fromEntries(Object.entries(numbers).map(([name, n]) => [name, String(n)]));
}

interface CaseOutcome {
  readonly told: Told;
  readonly kind?: string;
  readonly expect: Scenario['expect'];
  readonly attempts: readonly CaseAttempt[];
  /** Why no live provider can be made to answer so. */
  readonly cannotBeRecorded?: string | undefined;
}

function createCase(asked: Asked, outcome: CaseOutcome): ProviderCase {
  const { provider, promise, model, body } = asked;
  const { told, kind, expect, attempts, cannotBeRecorded } = outcome;
  const endpoint = endpointOf(asked);
  const isSuccess = attempts.at(-1)?.row['outcome'] === 'success';
  return {
    promise,
    provider,
    told,
    kind,
    rows: attempts.map(({ row }, index) => ({
      endpoint,
      provider,
      model,
      is_stream: body['stream'] === true ? 't' : 'f',
      attempt: String(index + 1),
      ...row,
    })),
    scenario: {
      name: `recorded-${provider}-${promise}`,
      says: `${provider}: ${PROMISES[promise]}`,
      caller: 'own-key',
      credentials: { [provider]: promise === 'invalid-key' ? 'invalid' : 'valid' },
      alwaysOwnKey: true,
      request: {
        method: 'POST',
        path: `/${endpoint}`,
        body: { model, ...(endpoint === 'messages' && { max_tokens: 64 }), ...body },
      },
      provider: attempts.map(() => ({
        cassette: `${provider}/${promise}`,
        ...(cannotBeRecorded !== undefined && { cannotBeRecorded }),
      })),
      expect,
      movement: added(
        callEnded(endpoint, { status: expect.status, outcome: isSuccess ? 'success' : 'error' }),
        ...attempts.map(({ movement }) => movement),
        attempts.length > 1 ? retried(provider, 'provider_error', attempts.length - 1) : {},
      ),
    },
  };
}

function endpointOf({ provider, promise }: Asked) {
  if (promise === 'image') return 'images/generations';
  return provider === 'anthropic' ? 'messages' : 'chat/completions';
}
