import type { Cassette, RecordedResponse } from '#harness/cassettes/cassette.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { RecordedExchange } from '#harness/recorder/recorded-exchange.ts';
import { parseJson } from '#harness/simulator/parse-json.ts';
import {
  cutAnswer,
  readAnswer,
  type WireAnswer,
} from '#harness/simulator/providers/read-answer.ts';
import { wireOf } from '#harness/simulator/providers/wires.ts';
import { checkAnswer } from '#harness/traffic/check-answer.ts';
import type { PlayedCall } from '#harness/traffic/play.ts';
import type { RecordableCase } from './recordable-case.ts';
import { compareShapes, shapeOf } from './shape.ts';

/** What a live play came to. */
export interface LiveJudgement {
  readonly findings: readonly Finding[];
  /** Worth knowing, and nothing wrong: fields that nobody knew. */
  readonly news: readonly string[];
  /** Why the provider could not be looked at: it was busy, or away. Never green, and no finding. */
  readonly unchecked?: string;
}

/** What is judged: how the client was answered, what went over the wire, what it was before. */
export interface LiveEvidence {
  readonly played: readonly PlayedCall[];
  readonly exchanges: readonly RecordedExchange[];
  readonly recording: Cassette | undefined;
}

/**
 * Whether the service kept its promise with a live provider, whether that provider's answer is one
 * that Tally understands to its end, and whether it still has the shape of its recording. How much
 * is said differs from call to call, so no count is compared.
 */
export function judgeLive(one: RecordableCase, evidence: LiveEvidence): LiveJudgement {
  const { id, scenario } = one;
  const { played, exchanges, recording } = evidence;
  const unchecked = exchanges.map(whyUnchecked).find((why) => why !== undefined);
  if (unchecked !== undefined) return { findings: [], news: [], unchecked };
  const judged = exchanges.map((exchange) => judgeExchange(id, exchange));
  if (recording !== undefined) judged.push(judgeShape(id, exchanges, recording));
  const promised = played.flatMap(({ call, promise: { expect } }) => {
    const { contentEvents: _said, headers: _told, ...kept } = expect;
    return checkAnswer(scenario, { call, promise: { expect: kept } });
  });
  const uncalled = {
    check: `live/${id}/provider-calls`,
    message: `${id}: no provider was called.`,
  };
  return {
    findings: [
      ...promised,
      ...(exchanges.length === 0 ? [uncalled] : []),
      ...judged.flatMap(({ findings }) => findings),
    ],
    news: judged.flatMap(({ news }) => news),
  };
}

/** Too many requests, a provider's own failure, or a connection that it broke off. */
function whyUnchecked({ provider, response, call }: RecordedExchange): string | undefined {
  if (response === undefined || call.end === 'cut') return `${provider} broke off (ECONNRESET)`;
  const { status } = response;
  return status === 429 || status >= 500 ? `${provider} answered ${status}` : undefined;
}

function judgeExchange(id: string, { provider, response, call }: RecordedExchange): LiveJudgement {
  const finding = (message: string): LiveJudgement => ({
    findings: [{ check: `live/${id}/wire`, message: `${id}: ${message}` }],
    news: [],
  });
  if (response === undefined || call.end !== 'completed') {
    return finding(
      `the call of ${provider} ended as "${call.end}", so that its answer is not whole.`,
    );
  }
  const { isComplete, leftOverBytes, unknownFields, usage, error } = readAnswer(
    wireOf(provider),
    response,
  );
  if (!isComplete || leftOverBytes > 0) {
    return finding(
      `the stream does not reach its grammar's end; ${leftOverBytes} bytes are left over.`,
    );
  }
  if (usage === undefined && error === undefined && call.images === 0) {
    return finding(
      'the answer holds neither usage, nor a picture, nor an error that the wire module understands.',
    );
  }
  return { findings: [], news: unknownFields.map((path) => `${id}: ${path} is not known yet`) };
}

/** How the shape of a live answer differs from what was recorded: a missing field is a finding. */
function judgeShape(
  id: string,
  exchanges: readonly RecordedExchange[],
  cassette: Cassette,
): LiveJudgement {
  const recorded = shapeOfAnswers(cassette.interactions.map(({ response }) => response));
  const live = shapeOfAnswers(exchanges.flatMap(({ response }) => response ?? []));
  const differences = compareShapes(recorded, live);
  const wrong = differences.filter(({ kind }) => kind !== 'new');
  const message = `${id}: the live answer has another shape than the recording: ${wrong.map((one) => one.message).join('; ')}.`;
  const fix = `Look whether the service still reads it right, then record it again: tally record --case ${id}`;
  return {
    findings: wrong.length === 0 ? [] : [{ check: `live/${id}/shape`, message, fix }],
    news: differences
      .filter(({ kind }) => kind === 'new')
      .map(({ message: what }) => `${id}: ${what}`),
  };
}

function shapeOfAnswers(answers: readonly RecordedResponse[]) {
  return shapeOf(answers.flatMap((answer) => payloadsOf(answer)));
}

function payloadsOf(answer: WireAnswer): unknown[] {
  return cutAnswer(answer).events.flatMap(({ data }) => parseJson(data) ?? []);
}
