import type { Registry } from 'prom-client';
import {
  ENDPOINTS,
  type Endpoint,
  FALLBACK_REASONS,
  type FallbackReason,
  type Outcome,
} from '../accounting/usage-event.ts';
import { createCounter } from './instruments.ts';

const INFERENCE_OUTCOMES = ['success', 'error', 'client_abort'] as const;
/** A hint to retry comes in an answer of the provider. */
const RETRY_REASONS = ['invalid_key', 'rate_limited', 'provider_error'] as const;

/** What became of clients' calls, whichever attempts they took. */
export interface InferenceMetrics {
  /** One call that reached a provider, however many attempts it took. */
  countInference(endpoint: Endpoint, outcome: Outcome): void;
  /** One call that went to the system's target instead of the one it asked for. */
  countFallback(fallback: { from: string; to: string; reason: FallbackReason }): void;
  /** One attempt more at the same target. */
  countRetry(provider: string, reason: FallbackReason): void;
}

function createInferenceCounters(registry: Registry) {
  return {
    inferences: createCounter(registry, {
      name: 'byom_inference_requests_total',
      help: 'Inference calls that reached a provider, by how they ended.',
      labelNames: ['endpoint', 'outcome'],
    }),
    fallbacks: createCounter(registry, {
      name: 'byom_fallbacks_total',
      help: "Inference calls that went to the system's key or model instead of the user's.",
      labelNames: ['from_provider', 'to_provider', 'reason'],
    }),
    retries: createCounter(registry, {
      name: 'byom_provider_retries_total',
      help: 'Attempts that followed a failed one at the same provider, by why that one failed.',
      labelNames: ['provider', 'reason'],
    }),
  };
}

export function createInferenceMetrics(
  registry: Registry,
  providers: readonly string[],
): InferenceMetrics {
  const { inferences, fallbacks, retries } = createInferenceCounters(registry);
  for (const endpoint of ENDPOINTS) {
    for (const outcome of INFERENCE_OUTCOMES) inferences.add({ endpoint, outcome }, 0);
  }
  for (const provider of providers) {
    for (const reason of RETRY_REASONS) retries.add({ provider, reason }, 0);
    for (const to_provider of providers) {
      for (const reason of FALLBACK_REASONS)
        fallbacks.add({ from_provider: provider, to_provider, reason }, 0);
    }
  }
  return {
    // To the client a stream that was cut is an error like any other.
    countInference: (endpoint, outcome) =>
      inferences.add({ endpoint, outcome: outcome === 'cut' ? 'error' : outcome }, 1),
    countFallback: ({ from, to, reason }) =>
      fallbacks.add({ from_provider: from, to_provider: to, reason }, 1),
    countRetry: (provider, reason) => retries.add({ provider, reason }, 1),
  };
}
