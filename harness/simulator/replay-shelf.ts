import type { Cassette, Interaction, RecordedResponse } from '#harness/cassettes/cassette.ts';
import { CassetteIndex } from '#harness/cassettes/cassette-index.ts';
import { describeNearest, findNearestCassette } from '#harness/cassettes/nearest-cassette.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Answer } from './answer.ts';
import { readAnswer } from './providers/read-answer.ts';
import type { ProviderRequest, ProviderWire } from './providers/wire.ts';
import { emptyFinding, prepareChanged, prepareReplay } from './replay.ts';
import type { ScriptedCassette } from './script.ts';

/** The cassettes of one simulator: finds the recorded answer to a request, ready to be played. */
export class ReplayShelf {
  /** What is wrong with the recordings themselves. */
  readonly findings: readonly Finding[];
  readonly #index: CassetteIndex;
  /** Refusals of a key: no known key gets one, and an unknown key gets nothing else. */
  readonly #keyRefusals: CassetteIndex;
  readonly #answers = new Map<Interaction, Answer>();

  constructor(cassettes: readonly Cassette[], findWire: (cassette: Cassette) => ProviderWire) {
    const refusesKey = (cassette: Cassette) => isKeyRefusal(cassette, findWire(cassette));
    this.#index = new CassetteIndex(cassettes.filter((one) => !refusesKey(one)));
    this.#keyRefusals = new CassetteIndex(cassettes.filter(refusesKey));
    this.findings = cassettes.flatMap((cassette) => this.#prepare(cassette, findWire(cassette)));
  }

  /** The answer, or the paragraph that says why there is none. */
  find(
    { provider }: ProviderWire,
    asked: ProviderRequest,
    { key, isAccepted }: { key: string; isAccepted: boolean },
  ): { id: string; answer: Answer } | { why: string; check: string } {
    const request = { ...asked, provider };
    const index = isAccepted ? this.#index : this.#keyRefusals;
    const match = index.find(request, key);
    if (match.kind === 'miss') {
      const nearest = findNearestCassette(request, index.cassettes);
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

  /** The first answer of the cassette that a script names; it stays on the shelf. */
  show(wire: ProviderWire, { id, ...change }: ScriptedCassette): Answer {
    return prepareChanged(wire, this.firstResponse(id), change);
  }

  /** @throws HarnessError H_SIMULATOR_SCRIPT when there is no such cassette */
  firstResponse(id: string): RecordedResponse {
    const cassettes = [...this.#index.cassettes, ...this.#keyRefusals.cassettes];
    const response = cassettes.find((one) => one.id === id)?.interactions[0]?.response;
    if (response === undefined) {
      const fix = 'Name a cassette that the simulator was started with.';
      throw new HarnessError(`A script names the cassette "${id}", which is not there.`, {
        code: 'H_SIMULATOR_SCRIPT',
        fix,
      });
    }
    return response;
  }

  unused(): Finding[] {
    return [...this.#index.unused(), ...this.#keyRefusals.unused()].map((name) => ({
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

function isKeyRefusal({ interactions }: Cassette, wire: ProviderWire): boolean {
  return interactions.some(
    ({ response }) => readAnswer(wire, response).error?.kind === 'invalid_key',
  );
}
