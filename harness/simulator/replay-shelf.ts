import type { Cassette, Interaction, RecordedResponse } from '#harness/cassettes/cassette.ts';
import {
  CassetteIndex,
  type IndexedInteraction,
  type RequestToMatch,
} from '#harness/cassettes/cassette-index.ts';
import type { CassetteUse } from '#harness/cassettes/cassette-use.ts';
import {
  describeDrift,
  describeNearest,
  findNearestCassette,
} from '#harness/cassettes/nearest-cassette.ts';
import type { Provider } from '#harness/cassettes/provider.ts';
import { UseLog } from '#harness/cassettes/use-log.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Answer } from './answer.ts';
import { hideKey } from './key-fingerprint.ts';
import { readAnswer } from './providers/read-answer.ts';
import type { ProviderWire } from './providers/wire.ts';
import { emptyFinding, prepareChanged, prepareReplay } from './replay.ts';
import type { ScriptedCassette } from './script.ts';

/** Why no recording answers: a paragraph, and the name of the finding that it makes. */
export interface Unanswered {
  readonly why: string;
  readonly check: string;
}

/** The cassettes of one simulator: finds the recorded answer to a request, ready to be played. */
export class ReplayShelf {
  /** What is wrong with the recordings themselves. */
  readonly findings: readonly Finding[];
  readonly #cassettes: readonly Cassette[];
  readonly #index: CassetteIndex;
  readonly #answers = new Map<Interaction, Answer>();
  readonly #log = new UseLog();

  constructor(cassettes: readonly Cassette[], wireOf: (provider: Provider) => ProviderWire) {
    this.#cassettes = cassettes;
    this.#index = new CassetteIndex(cassettes, (found) =>
      isKeyRefusal(found, wireOf(found.cassette.provider)),
    );
    this.findings = cassettes.flatMap((one) => this.#prepare(one, wireOf(one.provider)));
  }

  /** Calls with this key should be those of this cassette: what differs has drifted from it. */
  expect(key: string, cassetteId: string): void {
    this.#log.expect(key, cassetteId);
  }

  find(
    wire: ProviderWire,
    asked: Omit<RequestToMatch, 'provider'>,
    { key, isAccepted }: { key: string; isAccepted: boolean },
  ): { id: string; answer: Answer } | Unanswered {
    const request = { ...asked, provider: wire.provider };
    const match = this.#index.find(request, key, { isKeyKnown: isAccepted });
    if (match.kind === 'miss') {
      return this.#explainMiss(wire, request, key);
    }
    const { cassette, interaction } = match.found;
    const answer = this.#answers.get(interaction);
    if (match.kind === 'over-used' || answer === undefined) {
      const why = `The cassette "${cassette.id}" matches, but this key has had it already and it is not marked "repeat".`;
      this.#log.noteMiss(cassette.id, why);
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
    const response = this.#cassettes.find((one) => one.id === id)?.interactions[0]?.response;
    if (response === undefined) {
      const fix = 'Name a cassette that the simulator was started with.';
      throw new HarnessError(`A script names the cassette "${id}", which is not there.`, {
        code: 'H_SIMULATOR_SCRIPT',
        fix,
      });
    }
    return response;
  }

  /** What became of each cassette so far. */
  uses(): CassetteUse[] {
    return this.#cassettes.map((one) => this.#log.useOf(one.id, this.#index.unused(one)));
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

  #explainMiss(wire: ProviderWire, request: RequestToMatch, key: string): Unanswered {
    const meant = this.#cassettes.filter(({ id }) => this.#log.isExpected(key, id));
    const nearest = findNearestCassette(request, meant);
    if (nearest === undefined) {
      const why = describeNearest(findNearestCassette(request, this.#cassettes));
      return { check: 'simulator/unmatched_request', why };
    }
    const operationOf = ({ method, path }: Pick<RequestToMatch, 'method' | 'path'>): string =>
      wire.findOperation(method, path).name;
    if (operationOf(nearest.interaction.request) !== operationOf(request)) {
      const why = hideKey(describeNearest(nearest), key);
      this.#log.noteMiss(nearest.id, why);
      return { check: 'cassettes/miss', why };
    }
    const why = hideKey(describeDrift(nearest), key);
    this.#log.noteDrift(nearest.id, why);
    return { check: 'cassettes/drift', why };
  }

  #prepare({ id, interactions }: Cassette, wire: ProviderWire): Finding[] {
    if (interactions.length === 0) {
      return [emptyFinding(`The cassette "${id}" holds no interaction at all.`)];
    }
    return interactions.flatMap((interaction) => {
      const { answer, findings } = prepareReplay(wire, id, interaction.response);
      this.#answers.set(interaction, answer);
      return findings;
    });
  }
}

function isKeyRefusal({ interaction }: IndexedInteraction, wire: ProviderWire): boolean {
  return readAnswer(wire, interaction.response).error?.kind === 'invalid_key';
}
