import { dashboard } from './dashboard.ts';
import { bars, lines, stat, table } from './panel.ts';

const RUN = 'job="$job"';

/** How a run of Tally stands: the one that goes on, or the newest that has ended. */
export const testRunDashboard = dashboard({
  uid: 'tally-test-run',
  title: 'Tally test run',
  description: 'May this build be released, and what says so?',
  tag: 'tally',
  shownBy: 'tally_run_info',
  choices: {},
  rows: {
    Verdict: [
      stat({
        id: 1,
        title: 'Verdict',
        description:
          'PASS: every gate that the profile requires ran and passed. FAIL: something is wrong with the service. INCOMPLETE: something did not run.',
        unit: 'none',
        words: {
          '0': { text: 'PASS', color: 'green' },
          '1': { text: 'FAIL', color: 'red' },
          '2': { text: 'INCOMPLETE', color: 'yellow' },
        },
        queries: {
          verdict: `sum(tally_verdict{${RUN}, verdict="FAIL"}) + 2 * sum(tally_verdict{${RUN}, verdict="INCOMPLETE"})`,
        },
      }),
      stat({
        id: 2,
        title: 'Findings',
        description: 'What the gates found wrong with the service.',
        unit: 'none',
        bad: { red: 1 },
        queries: { findings: `sum(tally_gate_findings{${RUN}})` },
      }),
      stat({
        id: 3,
        title: 'Values that differ',
        description:
          'Values that the wire, the database, the summary and PromQL do not agree on, of all that were compared.',
        unit: 'none',
        bad: { red: 1 },
        queries: { differ: `sum(tally_fact_values_differing{${RUN}})` },
      }),
      stat({
        id: 4,
        title: 'Time since the start',
        description: 'How old what is shown here is.',
        unit: 's',
        queries: {
          '{{profile}} {{commit}}': `time() - tally_run_started_timestamp_seconds{${RUN}} + on (job, instance) group_left (profile, commit) 0 * tally_run_info{${RUN}}`,
        },
      }),
    ],
    Gates: [
      table({
        id: 5,
        title: 'Gates',
        description: 'What each gate compared, what it found, and how long it took, in seconds.',
        unit: 'none',
        queries: {
          passed: `sum by (gate) (tally_gate_status{${RUN}, status="passed"})`,
          'not run': `sum by (gate) (tally_gate_status{${RUN}, status="not-run"})`,
          checks: `sum by (gate) (tally_gate_checks{${RUN}})`,
          findings: `sum by (gate) (tally_gate_findings{${RUN}})`,
          seconds: `sum by (gate) (tally_gate_duration_seconds{${RUN}})`,
        },
      }),
      bars({
        id: 6,
        title: 'Duration of each part',
        description: 'Both modes of the service run side by side, so the longer one counts.',
        unit: 's',
        queries: {
          '{{mode}}: {{phase}}': `sum by (mode, phase) (tally_phase_duration_seconds{${RUN}})`,
          'the whole run': `max(tally_run_duration_seconds{${RUN}})`,
        },
      }),
    ],
    Traffic: [
      lines({
        id: 7,
        title: 'Scenarios played',
        description: 'In each mode; failed: not all came of it that was promised.',
        unit: 'none',
        queries: {
          '{{mode}} {{result}}': `sum by (mode, result) (tally_scenarios{${RUN}})`,
        },
      }),
      bars({
        id: 8,
        title: 'Tests',
        description: 'Of the suite, by result.',
        unit: 'none',
        queries: { '{{result}}': `sum by (result) (tally_tests{${RUN}})` },
      }),
    ],
    'Witnesses, recordings and coverage': [
      table({
        id: 9,
        title: 'Values by fact',
        description: 'How many values of each fact were compared, and how many differ.',
        unit: 'none',
        queries: {
          compared: `sum by (fact) (tally_fact_values{${RUN}})`,
          differ: `sum by (fact) (tally_fact_values_differing{${RUN}})`,
        },
      }),
      bars({
        id: 10,
        title: 'Recordings',
        description:
          'HIT: replayed and fresh. DRIFT: the service now sends something else than when it was recorded. Synthetic ones prove nothing about the live provider.',
        unit: 'none',
        queries: {
          '{{provenance}} {{outcome}}': `sum by (provenance, outcome) (tally_recordings{${RUN}})`,
        },
      }),
      bars({
        id: 11,
        title: 'Coverage of observability',
        description:
          'How much of what the service shows is moved by traffic and tests, stands on a dashboard, and is watched by alerts that were tested and fired.',
        unit: 'percentunit',
        queries: { '{{measure}}': `sum by (measure) (tally_observability_ratio{${RUN}})` },
      }),
    ],
  },
});
