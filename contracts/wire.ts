import { CouldNotRead, type WireCall, type WireEvidence, type WireRow } from '#harness/index.ts';

/**
 * What the wire proves about each fact. Names and prices are restated here on purpose: read from
 * the service, they could not contradict it.
 */

const CLASSES = {
  input: 'input',
  cachedInput: 'cached_input',
  cacheWrite: 'cache_write',
  output: 'output',
  reasoning: 'reasoning',
} as const;

/** Pico-USD per token (USD per million tokens × 10^6) of the models the scenarios ask for. */
const PRICES: Readonly<Record<string, Record<keyof typeof CLASSES, bigint>>> = {
  'gpt-4o-mini': prices(150_000n, 75_000n, 600_000n),
  'gpt-5.4-nano': prices(200_000n, 20_000n, 1_250_000n),
  'gpt-5.4-mini': prices(750_000n, 75_000n, 4_500_000n),
};

function prices(input: bigint, cachedInput: bigint, output: bigint) {
  return { input, cachedInput, cacheWrite: input, output, reasoning: output };
}

/** The model label: what the client asked for. */
function modelOf(call: WireCall): string {
  return call.modelRequested ?? 'other';
}

/** How the attempt ended as the service must see it; two when the client raced. */
export function outcomesOf(call: WireCall): string[] {
  if (call.raced) return ['success', 'client_abort'];
  if (call.end === 'cut') return ['cut'];
  if (call.end === 'abandoned') return ['client_abort'];
  return [(call.status ?? 500) < 400 ? 'success' : 'error'];
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

/** Tokens that providers reported in a usage object, by class. */
export function reportedTokens({ providerCalls }: WireEvidence): WireRow[] {
  return providerCalls.flatMap((call) => {
    const { usage } = call;
    if (usage === undefined) return [];
    return tokenClasses().map(([field, name]) => ({
      labels: { provider: call.provider, model: modelOf(call), class: name },
      value: call.raced ? { min: 0, max: usage[field] } : usage[field],
    }));
  });
}

/** Output tokens from any source: delivered ≤ recorded ≤ sent, and equal at a barrier. */
export function outputTokens({ providerCalls }: WireEvidence): WireRow[] {
  return providerCalls.flatMap((call) => {
    if ((call.status ?? 500) >= 400) return [];
    const sent = call.usage?.output ?? call.contentEvents;
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
    const { usage } = call;
    const price = PRICES[call.modelServed ?? modelOf(call)];
    if (usage === undefined || price === undefined) return [];
    const cost = tokenClasses().reduce(
      (sum, [field]) => sum + BigInt(usage[field]) * price[field],
      0n,
    );
    return [
      {
        labels: { provider: call.provider, model: modelOf(call) },
        value: call.raced ? { min: 0, max: cost } : cost,
      },
    ];
  });
}

function tokenClasses() {
  return Object.entries(CLASSES) as [keyof typeof CLASSES, string][];
}

/** The three models asked for most, ties by name; fewer say nothing about the rest of the list. */
export function topModels({ providerCalls }: WireEvidence): WireRow[] {
  const counts = new Map<string, number>();
  for (const call of providerCalls) {
    counts.set(modelOf(call), (counts.get(modelOf(call)) ?? 0) + 1);
  }
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

/** Calls of an inference endpoint by a known user: the answer's head says which credential paid. */
export function inferenceRequestsTotal({ serviceCalls }: WireEvidence): WireRow[] {
  const inferences = serviceCalls.filter((call) => 'x-byom-credential' in call.headers);
  return [{ labels: {}, value: inferences.length }];
}
