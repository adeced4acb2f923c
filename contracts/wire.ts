import { CouldNotRead, type WireCall, type WireEvidence, type WireRow } from '#harness/index.ts';
import { costOf, modelLabel, tokenClasses } from './prices.ts';

/**
 * What the wire proves about each fact. Names are restated here on purpose: read from the service,
 * they could not contradict it.
 */

/** The model label: what the provider was asked for. */
function modelOf({ provider, modelRequested }: WireCall): string {
  return modelLabel(provider, modelRequested);
}

/** How the attempt ended as the service must see it; two when the client raced. */
export function outcomesOf(call: WireCall): string[] {
  if (call.raced) return ['success', 'client_abort'];
  if (call.end === 'cut') return ['cut'];
  if (call.end === 'abandoned') return ['client_abort'];
  if ((call.status ?? 500) >= 400 || call.flaw === 'error') return ['error'];
  return [call.flaw === 'unfinished' ? 'cut' : 'success'];
}

/** Provider requests by provider, model, outcome and credential. */
export function providerRequests({ providerCalls }: WireEvidence): WireRow[] {
  return providerCalls.flatMap((call) =>
    outcomesOf(call).map((outcome) => ({
      labels: { provider: call.provider, model: modelOf(call), outcome, credential: call.paidBy },
      value: call.raced ? { min: 0, max: 1 } : 1,
    })),
  );
}

/** All provider requests: exact also where the client raced, for the attempt itself is certain. */
export function providerRequestsTotal({ providerCalls }: WireEvidence): WireRow[] {
  return [{ labels: {}, value: providerCalls.length }];
}

/**
 * Tokens that providers reported in their last usage object, by class. What a stream said of its
 * usage before it broke off is no report: it grows until the end.
 */
export function reportedTokens({ providerCalls }: WireEvidence): WireRow[] {
  return providerCalls.flatMap((call) => {
    const { usage, usageIsFinal } = call;
    if (usage === undefined || !usageIsFinal) return [];
    return tokenClasses().map(([field, name]) => ({
      labels: { provider: call.provider, model: modelOf(call), class: name },
      value: call.raced ? { min: 0, max: usage[field] } : usage[field],
    }));
  });
}

/** Output tokens from any source: delivered ≤ recorded ≤ sent, and equal at a barrier. */
export function outputTokens({ providerCalls }: WireEvidence): WireRow[] {
  return providerCalls.flatMap((call) => {
    // An error is billed for what it reports, and for nothing else.
    if (outcomesOf(call).includes('error') && !call.usageIsFinal) return [];
    const { output = 0, reasoning = 0 } = call.usage ?? {};
    // Without a last word on usage, what came is counted; what was reported by then is its least.
    const sent = call.usageIsFinal ? output : Math.max(output, call.contentEvents - reasoning);
    return [
      {
        labels: { provider: call.provider, model: modelOf(call) },
        value: call.raced ? { min: call.delivered, max: sent } : sent,
      },
    ];
  });
}

/** Cost of the tokens that providers reported, in pico-USD, from the prices restated here. */
export function reportedCost({ providerCalls }: WireEvidence): WireRow[] {
  return providerCalls.flatMap((call) => {
    const cost = costOf(call);
    // Images are billed by their number where no usage is reported.
    const isReported = call.usageIsFinal || (call.usage === undefined && call.images > 0);
    if (cost === undefined || !isReported) return [];
    return [
      {
        labels: { provider: call.provider, model: modelOf(call) },
        value: call.raced ? { min: 0, max: cost } : cost,
      },
    ];
  });
}

/** The three models asked for most, ties by name; fewer say nothing about the rest of the list. */
export function topModels({ providerCalls }: WireEvidence): WireRow[] {
  const counts = new Map<string, number>();
  for (const call of providerCalls) {
    counts.set(modelOf(call), (counts.get(modelOf(call)) ?? 0) + 1);
  }
  counts.delete('other');
  const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const names = ranked.slice(0, 3).map(([model]) => model);
  return names.length < 3 ? [] : [{ labels: {}, value: names.join(', ') }];
}

/** HTTP requests by method, route and status; a client that left before the end is 499. */
export function httpRequests({ serviceCalls }: WireEvidence): WireRow[] {
  return serviceCalls.flatMap((call): WireRow[] => {
    const labels = { method: call.method, route: call.path };
    const sent = String(call.status);
    if (call.end !== 'left') return [{ labels: { ...labels, status: sent }, value: 1 }];
    if (!call.raced) return [{ labels: { ...labels, status: '499' }, value: 1 }];
    return [sent, '499'].map((status) => ({
      labels: { ...labels, status },
      value: { min: 0, max: 1 },
    }));
  });
}

/** The same by method and route: one duration each, certain also where the client raced. */
export function httpDurations({ serviceCalls }: WireEvidence): WireRow[] {
  return serviceCalls.map(({ method, path }) => ({ labels: { method, route: path }, value: 1 }));
}

export function httpRequestsTotal({ serviceCalls }: WireEvidence): WireRow[] {
  return [{ labels: {}, value: serviceCalls.length }];
}

/** Percent of requests answered 5xx, rounded as the service documents it. */
export function httpErrorRate({ serviceCalls }: WireEvidence): WireRow[] {
  const failed = serviceCalls.filter((call) => (call.status ?? 0) >= 500).length;
  const percent = serviceCalls.length === 0 ? 0 : (100 * failed) / serviceCalls.length;
  return [{ labels: {}, value: Math.floor(percent * 100 + 0.5) / 100 }];
}

export function httpInProgress({ serviceCalls }: WireEvidence): WireRow[] {
  return [{ labels: {}, value: serviceCalls.filter(({ end }) => end === undefined).length }];
}

const WINDOW_MS = 60_000;
/** No call may end this close to the lower edge: both clocks would have to agree to count it. */
const QUIET_EDGE_MS = 2_000;

/** Requests that ended in the last minute before the fence; exact when the window's edge is quiet. */
export function httpRequestsLastMinute({ serviceCalls, fencedAtMs }: WireEvidence): WireRow[] {
  const edgeMs = fencedAtMs - WINDOW_MS;
  const ends = serviceCalls.map(({ endedAtMs }) => endedAtMs ?? fencedAtMs);
  const near = ends.filter((endMs) => Math.abs(endMs - edgeMs) < QUIET_EDGE_MS);
  if (near.length > 0) {
    throw new CouldNotRead(
      `${near.length} requests ended within ${QUIET_EDGE_MS} ms of the window's edge, so it is not certain on which side they are`,
    );
  }
  return [{ labels: {}, value: ends.filter((endMs) => endMs > edgeMs).length }];
}

/** Pictures that providers sent. */
export function images({ providerCalls }: WireEvidence): WireRow[] {
  return providerCalls.map((call) => ({
    labels: { provider: call.provider, model: modelOf(call) },
    value: call.images,
  }));
}
