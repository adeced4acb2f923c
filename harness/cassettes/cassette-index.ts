import { canonicalJson } from './canonical-json.ts';
import type { Cassette, Interaction } from './cassette.ts';
import type { Provider } from './provider.ts';
import { VolatilePaths } from './volatile-paths.ts';

/** What of a request takes part in matching. */
export interface RequestToMatch {
  readonly provider: Provider;
  readonly method: string;
  readonly path: string;
  /** Sorted, without secrets, e.g. "alt=sse"; empty when there is none. */
  readonly query: string;
  /** The parsed JSON; undefined when there was none. */
  readonly body: unknown;
}

export interface IndexedInteraction {
  readonly cassette: Cassette;
  readonly interaction: Interaction;
}

export type Match =
  | { kind: 'hit'; found: IndexedInteraction }
  /** It matches, but the consumer has had it already and the cassette may not repeat. */
  | { kind: 'over-used'; found: IndexedInteraction }
  | { kind: 'miss' };

/** One bucket per declared set of volatile places: each needs its own canonical form. */
interface Bucket {
  readonly volatile: VolatilePaths;
  readonly byKey: Map<string, IndexedInteraction[]>;
  /** Of bodies that were looked for: the simulator gives the same object for the same bytes. */
  readonly canonical: WeakMap<object, string>;
}

/**
 * Finds the recorded interaction for a request in constant time and keeps count of what was used.
 * Interactions are consumed per consumer (the API key), so that parallel tests do not meet.
 */
export class CassetteIndex {
  readonly cassettes: readonly Cassette[];
  readonly #buckets = new Map<string, Bucket>();
  readonly #consumers = new Map<Interaction, Set<string>>();
  readonly #refusesKey: (found: IndexedInteraction) => boolean;

  /** `refusesKey` tells the answers that are for unknown keys, and for nobody else. */
  constructor(
    cassettes: readonly Cassette[],
    refusesKey: (found: IndexedInteraction) => boolean = () => false,
  ) {
    this.cassettes = cassettes;
    this.#refusesKey = refusesKey;
    for (const cassette of cassettes) {
      for (const interaction of cassette.interactions) {
        this.#add({ cassette, interaction });
      }
    }
  }

  find(
    request: RequestToMatch,
    consumer: string,
    { isKeyKnown = true }: { isKeyKnown?: boolean } = {},
  ): Match {
    let overUsed: IndexedInteraction | undefined;
    for (const bucket of this.#buckets.values()) {
      for (const found of bucket.byKey.get(`${isKeyKnown} ${matchKey(request, bucket)}`) ?? []) {
        if (this.#consume(found, consumer)) {
          return { kind: 'hit', found };
        }
        overUsed = found;
      }
    }
    return overUsed === undefined ? { kind: 'miss' } : { kind: 'over-used', found: overUsed };
  }

  /** Interactions of a cassette that nobody has asked for, counted from 1. */
  unused({ interactions }: Cassette): number[] {
    return interactions.flatMap((interaction, index) =>
      this.#consumers.has(interaction) ? [] : [index + 1],
    );
  }

  #add(found: IndexedInteraction): void {
    const { cassette } = found;
    const paths = [...cassette.volatile].sort();
    const bucket = this.#buckets.get(paths.join()) ?? {
      volatile: VolatilePaths.parse(paths),
      byKey: new Map(),
      canonical: new WeakMap(),
    };
    this.#buckets.set(paths.join(), bucket);
    const isKeyKnown = !this.#refusesKey(found);
    const key = `${isKeyKnown} ${matchKey(recordedRequest(found), bucket)}`;
    bucket.byKey.set(key, [...(bucket.byKey.get(key) ?? []), found]);
  }

  #consume({ cassette, interaction }: IndexedInteraction, consumer: string): boolean {
    const consumers = this.#consumers.get(interaction) ?? new Set();
    if (consumers.has(consumer)) {
      return cassette.repeat;
    }
    this.#consumers.set(interaction, consumers.add(consumer));
    return true;
  }
}

/** A recorded request in the form in which it is matched. */
export function recordedRequest({ cassette, interaction }: IndexedInteraction): RequestToMatch {
  const { method, path, query, body } = interaction.request;
  return {
    provider: cassette.provider,
    method,
    path,
    query: new URLSearchParams(Object.entries(query ?? {}).sort()).toString(),
    body,
  };
}

function matchKey(request: RequestToMatch, bucket: Bucket): string {
  const { provider, method, path, query, body } = request;
  return `${provider} ${method} ${path}?${query} ${canonicalBody(body, bucket)}`;
}

function canonicalBody(body: unknown, { volatile, canonical }: Bucket): string {
  if (typeof body !== 'object' || body === null) {
    return canonicalJson(body, volatile);
  }
  const known = canonical.get(body) ?? canonicalJson(body, volatile);
  canonical.set(body, known);
  return known;
}
