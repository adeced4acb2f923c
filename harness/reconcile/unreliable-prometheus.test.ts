import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { createMetricsReader } from '#harness/metrics/metrics-reader.ts';
import { createPromqlClient } from '#harness/metrics/promql-client.ts';
import { type Fault, servePrometheus } from '#harness/metrics/scripted-prometheus.ts';
import { serveMetrics } from '#harness/metrics/scripted-servers.ts';
import { settle } from '#harness/metrics/settle.ts';
import { type Fact, notAWitness } from './fact.ts';
import { reconcileAll } from './reconcile-all.ts';

const START = 1_700_000_000;
const SELECTOR = 'job="service",instance="slot-1"';
const NO_WITNESS = notAWitness('Two are enough here.');

const fact = { wire: NO_WITNESS, summary: NO_WITNESS, equality: 'integer' } as const;
const FACTS: readonly Fact[] = [
  {
    ...fact,
    name: 'x_by_a',
    says: 'x.',
    labels: ['a'],
    database: 'rows',
    promql: 'x_total{$service}',
  },
  {
    ...fact,
    name: 'x',
    says: 'All x.',
    labels: [],
    database: 'total',
    promql: 'sum(x_total{$service})',
  },
];

type Values = Readonly<Record<string, number>>;

interface Case {
  /** What the service shows at rest, what it showed before, and what its rows hold. */
  shown: Values;
  before: Values;
  stored: Values;
  hasEpoch: boolean;
  /** How far the clock that answers is from the one that scrapes, seconds. */
  skewSeconds: number;
  /** What goes wrong with the first answers; null: nothing. */
  faults: readonly (Fault | null)[];
}

const small = fc.integer({ min: 0, max: 3 });
const values = fc.record({ 1: small, 2: small, 3: small });
const faults = fc.constantFrom<Fault | null>(
  null,
  'refused',
  'cut',
  'html',
  'warned',
  'empty',
  'partial',
  'behind',
  { status: 429 },
  { status: 502 },
  { status: 503 },
);
/** Most of the time nothing, then several in a row, as in a restart. */
const schedule = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, faults),
      fc.integer({ min: 1, max: 4 }),
    ),
    { maxLength: 6 },
  )
  .map((spells) => spells.flatMap(([fault, times]) => Array<Fault | null>(times).fill(fault)));
const cases: fc.Arbitrary<Case> = fc
  .tuple(
    values,
    values,
    values,
    fc.boolean(),
    fc.boolean(),
    fc.constantFrom(-5, -0.15, 0, 0.15),
    schedule,
  )
  .map(([shown, before, other, isRight, hasEpoch, skew, spells]) => ({
    shown,
    before,
    stored: isRight ? shown : other,
    hasEpoch,
    // With no epoch and a wrong clock, only what Prometheus has stored tells when a scrape began.
    skewSeconds: hasEpoch || spells.every((fault) => fault === null) ? skew : 0,
    faults: spells,
  }));

async function serveAll() {
  const service = await serveMetrics();
  const prometheus = await servePrometheus();
  const promql = createPromqlClient({ url: prometheus.url });

  function begin({ shown, before, skewSeconds, faults: spells }: Case): void {
    const left = [...spells];
    const leftOutOf = new Set<string>();
    let scrapes = 0;
    prometheus.nowSeconds = START + skewSeconds;
    prometheus.scrapes = [-0.2, -0.1, 0].map((late) => {
      return { atSeconds: START + late, up: 1, epoch: service.raised, x: before };
    });
    const earlier = service.raised;
    prometheus.onQuery = () => {
      scrapes += 1;
      // One may have begun before the rest, and fails or is stored only now.
      const isEarly = scrapes === 1;
      const x = isEarly ? before : shown;
      const epoch = isEarly ? earlier : service.raised;
      prometheus.scrapes.push({ atSeconds: START + scrapes / 10, up: 1, epoch, x });
    };
    prometheus.faultOf = (query) => {
      const fault = left.shift() ?? undefined;
      // What is silently left out of two answers running cannot be told from what is not there.
      if (fault !== 'partial') return fault;
      if (leftOutOf.has(query)) return undefined;
      leftOutOf.add(query);
      return fault;
    };
  }

  async function judge({ stored, hasEpoch }: Case): Promise<ReadonlySet<string>> {
    const reader = createMetricsReader({
      metricsUrl: service.metricsUrl,
      leaveOut: ['epoch'],
      epochMetric: hasEpoch ? 'epoch' : undefined,
      everyMs: 1,
    });
    const { readSummary } = service;
    const limits = { timeoutMs: 3_000, everyMs: 1 };
    const instant = await settle({ promql, selector: SELECTOR, reader, readSummary, ...limits });
    const total = Object.values(stored).reduce((sum, value) => sum + value, 0);
    const rows = Object.entries(stored).map(([a, value]) => ({ a, value: String(value) }));
    const { findings } = await reconcileAll(FACTS, {
      evidence: {
        providerCalls: [],
        modelLists: [],
        serviceCalls: [],
        fencedAtMs: instant.fencedAtMs,
      },
      database: { query: async (sql) => (sql === 'rows' ? rows : [{ value: String(total) }]) },
      summary: {},
      promql,
      instant,
      selector: SELECTOR,
      summaryFieldsAside: [],
      exposition: {
        families: new Map([
          ['x_total', { name: 'x_total', type: 'counter', help: 'x', samples: [] }],
        ]),
      },
      withoutFact: {},
    });
    return new Set(findings.map(({ message }) => message.split(' differs')[0] ?? message));
  }
  return { begin, judge };
}

/** What differs in truth. */
function differences({ shown, stored }: Case): ReadonlySet<string> {
  const names = Object.keys(shown).filter((a) => shown[a] !== stored[a]);
  const sum = (all: Values) => Object.values(all).reduce((total, value) => total + value, 0);
  const total = sum(shown) === sum(stored) ? [] : ['x'];
  return new Set([...names.map((a) => `x_by_a{a="${a}"}`), ...total]);
}

const RUNS = [
  { numRuns: 20, tags: [] },
  { numRuns: 1_000, tags: ['slow'] },
];

describe.for(RUNS)('reconciling with an unreliable Prometheus, $numRuns times', (runs) => {
  const { numRuns, tags } = runs;
  test('tells the truth, or that it cannot know it', { tags }, async () => {
    const { begin, judge } = await serveAll();
    let told = 0;
    const tells = fc.asyncProperty(cases, async (one) => {
      begin(one);
      const said = await judge(one).catch((error: unknown) => error);
      if (said instanceof HarnessError) {
        expect(said.message).toMatch(/\nfix: .+\n\[H_METRICS_[A-Z_]+\]$/s);
        return;
      }
      expect(said).toEqual(differences(one));
      told += 1;
    });
    await fc.assert(tells, { numRuns });
    expect(told).toBeGreaterThan(numRuns / 10);
  });
});
