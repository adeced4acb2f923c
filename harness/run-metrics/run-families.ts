import { CASSETTE_OUTCOMES } from '#harness/cassettes/judge-cassette.ts';
import type { RunState } from './run-state.ts';

/** What one part of a run adds to a series. */
interface Share {
  labels: Readonly<Record<string, string>>;
  value: number;
}

interface RunFamily {
  help: string;
  labelNames: readonly string[];
  /** Shares of one series are added up. None while nothing is known: unknown is not 0. */
  shares: (run: RunState) => readonly Share[];
}

const STATUSES = ['passed', 'failed', 'not-run'] as const;
const VERDICTS = ['PASS', 'FAIL', 'INCOMPLETE'] as const;
const RESULTS = ['passed', 'failed'] as const;

/** Tally's own metrics by name. All are gauges: they say how one run stands. */
export const RUN_FAMILIES: Readonly<Record<string, RunFamily>> = {
  tally_run_info: {
    help: 'What is judged, and how strictly; always 1.',
    labelNames: ['profile', 'commit'],
    shares: ({ profile, commit }) =>
      profile === undefined ? [] : [{ labels: { profile, commit: commit ?? 'unknown' }, value: 1 }],
  },
  tally_run_started_timestamp_seconds: {
    help: 'When the run started.',
    labelNames: [],
    shares: ({ startedAt }) => (startedAt === undefined ? [] : seconds({}, Date.parse(startedAt))),
  },
  tally_run_duration_seconds: {
    help: 'How long the run took; absent until it has ended.',
    labelNames: [],
    shares: ({ durationMs }) => (durationMs === undefined ? [] : seconds({}, durationMs)),
  },
  tally_verdict: {
    help: '1 for the verdict, 0 for the others; absent until it is known.',
    labelNames: ['verdict'],
    shares: ({ verdict }) => (verdict === undefined ? [] : oneOf('verdict', VERDICTS, verdict)),
  },
  tally_gate_status: {
    help: '1 for the status of the gate, 0 for the others; absent until it is judged.',
    labelNames: ['gate', 'status'],
    shares: ({ gates = [] }) =>
      gates.flatMap(({ name, status }) => oneOf('status', STATUSES, status, { gate: name })),
  },
  tally_gate_checks: {
    help: 'Single comparisons that the gate made.',
    labelNames: ['gate'],
    shares: ({ gates = [] }) =>
      gates.map(({ name, checks }) => ({ labels: { gate: name }, value: checks })),
  },
  tally_gate_findings: {
    help: 'What the gate found wrong with the service.',
    labelNames: ['gate'],
    shares: ({ gates = [] }) =>
      gates.map(({ name, findings }) => ({ labels: { gate: name }, value: findings.length })),
  },
  tally_gate_duration_seconds: {
    help: 'How long the gate took.',
    labelNames: ['gate'],
    shares: ({ gates = [] }) =>
      gates.flatMap(({ name, durationMs }) => seconds({ gate: name }, durationMs)),
  },
  tally_phase_duration_seconds: {
    help: 'How long each part of the run took, by mode of the service.',
    labelNames: ['mode', 'phase'],
    shares: ({ phases = [] }) =>
      phases.flatMap(({ mode, phase, durationMs }) => seconds({ mode, phase }, durationMs)),
  },
  tally_scenarios: {
    help: 'Scenarios played, by whether all came of them that was promised.',
    labelNames: ['mode', 'result'],
    shares: ({ scenarios = [] }) =>
      scenarios.flatMap(({ mode, findings }) =>
        oneOf('result', RESULTS, findings === 0 ? 'passed' : 'failed', { mode }),
      ),
  },
  tally_tests: {
    help: 'Tests of the suite by result; absent until it has run.',
    labelNames: ['result'],
    shares: ({ tests }) =>
      Object.entries(tests ?? {}).map(([result, value]) => ({ labels: { result }, value })),
  },
  tally_fact_values: {
    help: 'Values of a fact that its witnesses were asked for.',
    labelNames: ['fact', 'mode'],
    shares: ({ facts = [] }) =>
      facts.map(({ name, mode }) => ({ labels: { fact: name, mode }, value: 1 })),
  },
  tally_fact_values_differing: {
    help: 'Values of a fact that its witnesses do not agree on.',
    labelNames: ['fact', 'mode'],
    shares: ({ facts = [] }) =>
      facts.map(({ name, mode, equal }) => ({
        labels: { fact: name, mode },
        value: equal ? 0 : 1,
      })),
  },
  tally_observability_ratio: {
    help: 'How much of what the service shows is moved, drawn and watched, by measure.',
    labelNames: ['measure'],
    shares: ({ gates = [] }) =>
      gates
        .flatMap(({ measures = [] }) => measures)
        .filter(({ total }) => total > 0)
        .map(({ name, covered, total }) => ({ labels: { measure: name }, value: covered / total })),
  },
  tally_recordings: {
    help: 'Recorded answers of providers, by what they proved in this run.',
    labelNames: ['provenance', 'outcome'],
    shares: ({ cassettes = [] }) =>
      cassettes.flatMap(({ provenance, outcome }) =>
        oneOf('outcome', CASSETTE_OUTCOMES, outcome, { provenance }),
      ),
  },
};

function seconds(labels: Share['labels'], durationMs: number): Share[] {
  return [{ labels, value: durationMs / 1_000 }];
}

/** 1 for the value that holds, 0 for each other one that could. */
function oneOf(
  label: string,
  values: readonly string[],
  holds: string,
  labels: Share['labels'] = {},
): Share[] {
  return values.map((value) => ({
    labels: { ...labels, [label]: value },
    value: value === holds ? 1 : 0,
  }));
}
