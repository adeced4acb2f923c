import type { Cassette, Interaction } from '#harness/cassettes/cassette.ts';
import { CassetteIndex, type RequestToMatch } from '#harness/cassettes/cassette-index.ts';
import { describeNearest, findNearestCassette } from '#harness/cassettes/nearest-cassette.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Answer } from './answer.ts';
import type { ProviderWire } from './providers/wire.ts';
import { emptyFinding, prepareReplay } from './replay.ts';

/** The cassettes of one simulator: finds the recorded answer to a request, ready to be played. */
export class ReplayShelf {
  /** What is wrong with the recordings themselves. */
  readonly findings: readonly Finding[];
  readonly #index: CassetteIndex;
  readonly #answers = new Map<Interaction, Answer>();

  constructor(cassettes: readonly Cassette[], findWire: (cassette: Cassette) => ProviderWire) {
    this.#index = new CassetteIndex(cassettes);
    this.findings = cassettes.flatMap((cassette) => this.#prepare(cassette, findWire(cassette)));
  }

  /** The answer, or the paragraph that says why there is none. */
  find(
    request: RequestToMatch,
    consumer: string,
  ): { id: string; answer: Answer } | { why: string; check: string } {
    const match = this.#index.find(request, consumer);
    if (match.kind === 'miss') {
      const nearest = findNearestCassette(request, this.#index.cassettes);
      return { check: 'simulator/unmatched_request', why: describeNearest(nearest) };
    }
    const { cassette, interaction } = match.found;
    const answer = this.#answers.get(interaction);
    if (match.kind === 'over-used' || answer === undefined) {
      const why = `The cassette "${cassette.id}" matches, but this key has had it already and it is not marked "repeat".`;
      return { check: 'cassettes/over_used', why };
    }
    return { id: cassette.id, answer };
  }

  unused(): Finding[] {
    return this.#index.unused().map((name) => ({
      check: 'cassettes/unused',
      message: `The cassette ${name} was never asked for.`,
      fix: 'Remove the cassette, or the change that made the service stop sending its request.',
    }));
  }

  #prepare(cassette: Cassette, wire: ProviderWire): Finding[] {
    if (cassette.interactions.length === 0) {
      return [emptyFinding(`The cassette "${cassette.id}" holds no interaction at all.`)];
    }
    return cassette.interactions.flatMap((interaction) => {
      const { answer, findings } = prepareReplay(wire, cassette.id, interaction.response);
      this.#answers.set(interaction, answer);
      return findings;
    });
  }
}
