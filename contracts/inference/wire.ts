import { modelLabel } from '#contracts/prices.ts';
import type { ServiceCall, WireCall, WireEvidence, WireRow } from '#harness/index.ts';

/**
 * What both wires prove about clients' calls of inference endpoints: which of them reached a
 * provider, which were answered without one, and how they ended for the client.
 */

type Usage = NonNullable<WireCall['usage']>;

/** The endpoint label of each route. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  '/chat/completions': 'chat/completions',
  '/messages': 'messages',
  '/images/generations': 'images/generations',
  '/agent/sessions/:id/messages': 'agent/sessions',
};

/** Calls that reached a provider, however many attempts it took, by endpoint and outcome. */
export function inferenceRequests(evidence: WireEvidence): WireRow[] {
  const { served } = split(evidence);
  return served.flatMap((call) => {
    const outcomes = outcomesOf(call);
    const value = outcomes.length === 1 ? 1 : { min: 0, max: 1 };
    const endpoint = ENDPOINTS[call.path] ?? 'other';
    return outcomes.map((outcome) => ({ labels: { endpoint, outcome }, value }));
  });
}

/** All of them: exact also where the outcome is not certain. */
export function inferenceRequestsTotal(evidence: WireEvidence): WireRow[] {
  return [{ labels: {}, value: split(evidence).served.length }];
}

/**
 * Calls of users whose answers are remembered. A hit is proved by what is missing: an answer, and
 * no provider call for it.
 */
export function cacheLookups(evidence: WireEvidence): WireRow[] {
  const { served, unserved } = split(evidence);
  const misses = served.filter(({ headers }) => headers['x-byom-cache'] === 'miss');
  const hits = unserved.filter(({ status }) => status === 200);
  return [
    { labels: { result: 'hit' }, value: hits.length },
    { labels: { result: 'miss' }, value: misses.length },
  ];
}

/** What OpenTelemetry tells apart: each side with its special classes. */
const SIDES: readonly (readonly [type: string, tokens: (usage: Usage) => number])[] = [
  ['input', ({ input, cachedInput, cacheWrite }) => input + cachedInput + cacheWrite],
  ['output', ({ output, reasoning }) => output + reasoning],
];

/** Attempts whose provider said its last word on usage, once for each side. */
export function usageReports(evidence: WireEvidence): WireRow[] {
  return bySide(evidence, () => 1);
}

/** The tokens in it. */
export function usageReported(evidence: WireEvidence): WireRow[] {
  return bySide(evidence, (tokens) => tokens);
}

function bySide({ providerCalls }: WireEvidence, sideOf: (tokens: number) => number): WireRow[] {
  return providerCalls.flatMap((call) => {
    const { provider, modelRequested, usage, usageIsFinal, raced } = call;
    if (usage === undefined || !usageIsFinal || isNoReport(call)) return [];
    return SIDES.map(([token_type, tokens]) => {
      const value = sideOf(tokens(usage));
      return {
        labels: { provider, model: modelLabel(provider, modelRequested), token_type },
        value: raced ? { min: 0, max: value } : value,
      };
    });
  });
}

/** OpenAI sends zeros after an error inside a stream. */
function isNoReport({ flaw, usage }: WireCall): boolean {
  return flaw === 'error' && Object.values(usage ?? {}).every((tokens) => tokens === 0);
}

/** Streams that sent content; where the client raced, what it was given was received before. */
export function firstTokens({ providerCalls }: WireEvidence): WireRow[] {
  return providerCalls
    .filter(({ isStream, contentEvents }) => isStream && contentEvents > 0)
    .map(({ provider, modelRequested, raced, delivered }) => ({
      labels: { provider, model: modelLabel(provider, modelRequested) },
      value: raced ? { min: Math.min(delivered, 1), max: 1 } : 1,
    }));
}

/** Every outcome that the call may have had for the service. */
function outcomesOf({ end, raced, status = 500, body, sawEnd }: ServiceCall): string[] {
  if (end === 'left') return raced ? ['success', 'client_abort'] : ['client_abort'];
  // The service did not get as far as saying what it made of the call.
  if (end === 'cut') return ['success', 'error', 'client_abort'];
  const isStream = body === undefined;
  return [status < 400 && (sawEnd || !isStream) ? 'success' : 'error'];
}

/** The ended calls of inference endpoints, by whether a provider was called for them. */
function split({ serviceCalls, providerCalls }: WireEvidence): {
  served: ServiceCall[];
  unserved: ServiceCall[];
} {
  const causes = new Set(providerCalls.map(({ cause }) => cause));
  const ended = serviceCalls.filter(({ path, end }) => path in ENDPOINTS && end !== undefined);
  return {
    served: ended.filter((call) => causes.has(call)),
    unserved: ended.filter((call) => !causes.has(call)),
  };
}
