import type { Cassette, Interaction } from '#harness/cassettes/cassette.ts';
import { CassetteIndex, type RequestToMatch } from '#harness/cassettes/cassette-index.ts';
import type { CassetteUse } from '#harness/cassettes/cassette-use.ts';
import {
  describeDrift,
  describeNearest,
  findNearestCassette,
} from '#harness/cassettes/nearest-cassette.ts';
import type { Provider } from '#harness/cassettes/provider.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Answer } from './answer.ts';
import { hideKey } from './key-fingerprint.ts';
import type { ProviderWire } from './providers/wire.ts';
import { emptyFinding, prepareReplay } from './replay.ts';

/** Why no recording answers: a paragraph, and the name of the finding that it makes. */
export interface Unanswered {
  readonly why: string;
  readonly check: string;
}

/** The cassettes of one simulator: finds the recorded answer to a request, ready to be played. */
export class ReplayShelf {
  /** What is wrong with the recordings themselves. */
  readonly findings: readonly Finding[];
  readonly #index: CassetteIndex;
  readonly #wireOf: (provider: Provider) => ProviderWire;
  readonly #answers = new Map<Interaction, Answer>();
  readonly #expected = new Map<string, Set<string>>();
  readonly #drifts = new Map<string, string[]>();
  readonly #misses = new Map<string, string[]>();

  constructor(cassettes: readonly Cassette[], wireOf: (provider: Provider) => ProviderWire) {
    this.#index = new CassetteIndex(cassettes);
    this.#wireOf = wireOf;
    this.findings = cassettes.flatMap((cassette) => this.#prepare(cassette));
  }

  /** The consumer's requests should be those of this cassette: what differs has drifted from it. */
  expect(consumer: string, cassetteId: string): void {
    this.#expected.set(consumer, (this.#expected.get(consumer) ?? new Set()).add(cassetteId));
  }

  find(request: RequestToMatch, consumer: string): { id: string; answer: Answer } | Unanswered {
    const match = this.#index.find(request, consumer);
    if (match.kind === 'miss') {
      return this.#explainMiss(request, consumer);
    }
    const { cassette, interaction } = match.found;
    const answer = this.#answers.get(interaction);
    if (match.kind === 'over-used' || answer === undefined) {
      const why = `The cassette "${cassette.id}" matches, but this key has had it already and it is not marked "repeat".`;
      note(this.#misses, cassette.id, why);
      return { check: 'cassettes/over_used', why };
    }
    return { id: cassette.id, answer };
  }

  /** What became of each cassette so far. */
  uses(): CassetteUse[] {
    return this.#index.cassettes.map((cassette) => ({
      id: cassette.id,
      unused: this.#index.unused(cassette),
      drifts: this.#drifts.get(cassette.id) ?? [],
      misses: this.#misses.get(cassette.id) ?? [],
    }));
  }

  unused(): Finding[] {
    return this.uses().flatMap(({ id, unused }) =>
      unused.map((number) => ({
        check: 'cassettes/unused',
        message: `The cassette ${id} (interaction ${number}) was never asked for.`,
        fix: 'Remove the cassette, or the change that made the service stop sending its request.',
      })),
    );
  }

  #explainMiss(request: RequestToMatch, consumer: string): Unanswered {
    const expected = this.#expected.get(consumer);
    const { cassettes } = this.#index;
    const meant = cassettes.filter(({ id }) => expected?.has(id));
    const nearest = findNearestCassette(request, meant);
    if (nearest === undefined) {
      const why = describeNearest(findNearestCassette(request, cassettes));
      return { check: 'simulator/unmatched_request', why };
    }
    const wire = this.#wireOf(request.provider);
    const operationOf = ({ method, path }: Pick<RequestToMatch, 'method' | 'path'>): string =>
      wire.findOperation(method, path).name;
    const isDrift = operationOf(nearest.interaction.request) === operationOf(request);
    const why = hideKey(isDrift ? describeDrift(nearest) : describeNearest(nearest), consumer);
    note(isDrift ? this.#drifts : this.#misses, nearest.id, why);
    return { check: isDrift ? 'cassettes/drift' : 'cassettes/miss', why };
  }

  #prepare({ id, provider, interactions }: Cassette): Finding[] {
    if (interactions.length === 0) {
      return [emptyFinding(`The cassette "${id}" holds no interaction at all.`)];
    }
    return interactions.flatMap((interaction) => {
      const wire = this.#wireOf(provider);
      const { answer, findings } = prepareReplay(wire, id, interaction.response);
      this.#answers.set(interaction, answer);
      return findings;
    });
  }
}

/** Of a client that tries again for ever, the first reasons say it all. */
const NOTES_MAX = 10;

function note(notes: Map<string, string[]>, id: string, why: string): void {
  const known = notes.get(id) ?? [];
  if (known.length < NOTES_MAX) {
    notes.set(id, [...known, why]);
  }
}
