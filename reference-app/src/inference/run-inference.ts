import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Attempt } from '../accounting/attempt.ts';
import type { RecordUsage } from '../accounting/record-usage.ts';
import type { Outcome } from '../accounting/usage-event.ts';
import { ApiError } from '../errors/api-error.ts';
import type { InferenceMetrics } from '../metrics/inference-metrics.ts';
import type { LimitMetrics } from '../metrics/limit-metrics.ts';
import { chooseTargets, type TargetDependencies, type Targets } from './choose-target.ts';
import type { AttemptEnd, Inference, Target } from './inference.ts';
import { judgeClientLeft, judgeFailure } from './judge-failure.ts';
import { cacheKeyOf, type ResponseCache } from './response-cache.ts';
import { retryDelayMs } from './retry-delay.ts';

export interface InferenceDependencies extends TargetDependencies {
  readonly recordUsage: RecordUsage;
  readonly cache: ResponseCache;
  readonly metrics: InferenceMetrics & Pick<LimitMetrics, 'countCacheLookup'>;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

interface InferenceEnd {
  readonly end: AttemptEnd;
  /** Where the last attempt went; undefined when there was none. */
  readonly target: Target | undefined;
  /** undefined: the answers of this call are not remembered. */
  readonly cache?: 'hit' | 'miss' | undefined;
}

export type RunInference = (inference: Inference) => Promise<InferenceEnd>;

/**
 * Answers one call: the first target, again where its provider says that this is of use, then at
 * most one fallback to the system's. Each attempt is one call to a provider and one usage event.
 */
export function createRunInference(dependencies: InferenceDependencies): RunInference {
  const { metrics, cache } = dependencies;

  const ask = async (inference: Inference, targets: Targets): Promise<InferenceEnd> => {
    // Nothing has been sent yet, so there is no attempt to record.
    if (inference.client.hasLeft)
      return { end: { kind: 'failed', failure: judgeClientLeft() }, target: undefined };
    const attempts = new Attempts(inference, dependencies);
    const end = await attempts.run(targets);
    const { lastTarget: target } = attempts;
    if (target !== undefined) metrics.countInference(inference.endpoint, outcomeOf(end));
    return { end, target };
  };

  return async (inference) => {
    // Before the cache is asked: whose credential is gone gets no answer from it either.
    const targets = await chooseTargets(inference, dependencies);
    if (!inference.mayRemember) return ask(inference, targets);
    const key = cacheKeyOf(inference, targets.first);
    const remembered = cache.get(key);
    metrics.countCacheLookup(remembered === undefined ? 'miss' : 'hit');
    if (remembered !== undefined) return { end: remembered, target: undefined, cache: 'hit' };
    const { end, target } = await ask(inference, targets);
    if (end.kind === 'answered' && target === targets.first) cache.set(key, end);
    return { end, target, cache: 'miss' };
  };
}

function outcomeOf(end: AttemptEnd): Outcome {
  if (end.kind === 'answered') return 'success';
  return end.kind === 'streamed' ? end.outcome : end.failure.outcome;
}

/** For a call that could not be said to the provider: nothing was sent. Other errors go on. */
function endRefused(error: unknown): AttemptEnd {
  if (!(error instanceof ApiError)) throw error;
  return { kind: 'failed', failure: judgeFailure(error, false) };
}

function isRefused(end: AttemptEnd): boolean {
  return end.kind === 'failed' && !end.failure.isAttempt && end.failure.outcome === 'error';
}

/** The attempts of one inference. */
class Attempts {
  readonly #inference: Inference;
  readonly #dependencies: InferenceDependencies;
  readonly #inferenceId = randomUUID();
  #made = 0;
  #lastTarget: Target | undefined;

  constructor(inference: Inference, dependencies: InferenceDependencies) {
    this.#inference = inference;
    this.#dependencies = dependencies;
  }

  /** Where the last one went; undefined when none was sent. */
  get lastTarget(): Target | undefined {
    return this.#lastTarget;
  }

  async run({ first, fallback }: Targets): Promise<AttemptEnd> {
    const end = await this.#runWithRetries(first);
    if (end.kind !== 'failed' || end.failure.reason === undefined) return end;
    const other = fallback(end.failure.reason);
    if (other === undefined) return end;
    const otherEnd = await this.#runWithRetries(other);
    // What only the substitute cannot be told is no answer to a client who did not ask for it.
    return isRefused(otherEnd) ? end : otherEnd;
  }

  async #runWithRetries(target: Target): Promise<AttemptEnd> {
    const { metrics } = this.#dependencies;
    const { provider, fallback } = target;
    let count = (): void => {
      if (fallback !== undefined) metrics.countFallback({ ...fallback, to: provider.name });
    };
    for (let retries = 0; ; retries += 1) {
      const end = await this.#runOnce(target);
      if (end.kind === 'failed' && !end.failure.isAttempt) return end;
      // Like the row of the attempt: only when something was sent.
      count();
      if (end.kind !== 'failed') return end;
      const { reason, retry } = end.failure;
      const delayMs = retryDelayMs(retry, retries);
      if (reason === undefined || delayMs === undefined) return end;
      if (!(await this.#pause(delayMs))) return { kind: 'failed', failure: judgeClientLeft() };
      count = () => metrics.countRetry(provider.name, reason);
    }
  }

  async #runOnce(target: Target): Promise<AttemptEnd> {
    const { endpoint, userId, request, run } = this.#inference;
    const { recordUsage } = this.#dependencies;
    const start = {
      inferenceId: this.#inferenceId,
      attempt: this.#made + 1,
      userId,
      endpoint,
      provider: target.provider.name,
      modelRequested: target.model,
      credential: target.credential.source,
      fallbackReason: target.fallback?.reason,
      isStream: request.isStream,
      promptCharacters: request.promptCharacters,
    };
    const attempt = new Attempt(start, this.#dependencies);
    const end = await run({ inference: this.#inference, target, attempt, recordUsage }).catch(
      endRefused,
    );
    if (end.kind === 'failed' && !end.failure.isAttempt) return end;
    this.#made += 1;
    this.#lastTarget = target;
    return end;
  }

  /** false: the client left meanwhile. */
  async #pause(delayMs: number): Promise<boolean> {
    try {
      await wait(delayMs, undefined, { signal: this.#inference.client.signal });
      return true;
    } catch {
      return false;
    }
  }
}
