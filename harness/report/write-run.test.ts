import { mkdtemp, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { notRunGate, ranGate } from '#harness/gates/gate.ts';
import type { Verdict } from '#harness/gates/verdict.ts';
import { renderSummary } from './render-summary.ts';
import { writeRun } from './write-run.ts';

const verdict: Verdict = {
  verdict: 'FAIL',
  profile: 'local',
  startedAt: '2026-11-22T06:20:32.814Z',
  durationMs: 5_812,
  commit: '0123456789ab',
  versions: { tally: '0.1.0', prometheus: '2.42.0' },
  seed: 'ab12',
  gates: [
    ranGate('environment', {
      checks: 3,
      durationMs: 12,
      findings: [],
      warnings: [{ check: 'environment/app-env', message: 'APP_ENV is "Production".' }],
    }),
    ranGate('reconciliation', {
      checks: 1,
      durationMs: 40,
      findings: [{ check: 'reconciliation/x', message: 'x differs: wire 1, promql 2.' }],
    }),
    notRunGate('coverage', 'no tests | none'),
    ranGate('observability', {
      checks: 2,
      durationMs: 0,
      findings: [],
      measures: [
        {
          name: 'labelValues',
          says: 'label values moved',
          covered: 1,
          total: 2,
          threshold: 50,
          missing: [{ name: 'x{a="1"}', lacks: 'no scenario or test moved it' }],
          excepted: [{ name: 'x{a="2"}', reason: 'needs a full moon' }],
        },
      ],
    }),
  ],
  cassettes: [
    { id: 'openai/chat', provenance: 'live', outcome: 'HIT' },
    { id: 'openai/tools', provenance: 'synthetic', outcome: 'DRIFT', reason: 'in testing:\n  x' },
  ],
  scenarios: [],
  phases: [],
  facts: [
    {
      mode: 'testing',
      process: 1,
      name: 'x',
      labels: '{model="a"}',
      wire: '1',
      database: '-',
      summary: '-',
      promql: '2',
      equal: false,
    },
  ],
};

test('the summary tells gates, findings, warnings and every value', () => {
  expect(renderSummary(verdict)).toMatchInlineSnapshot(`
    "# Tally: FAIL

    Profile \`local\`, commit \`0123456789ab\`, seed \`ab12\`, 2026-11-22T06:20:32.814Z, 5.8 s.

    tally 0.1.0, prometheus 2.42.0

    ## Gates

    | gate | status | checks | seconds | reason |
    | --- | --- | --- | --- | --- |
    | environment | passed | 3 | 0.0 |  |
    | reconciliation | failed | 1 | 0.0 |  |
    | coverage | not-run | 0 | 0.0 | no tests \\| none |
    | observability | passed | 2 | 0.0 |  |

    ## Warnings of environment

    - \`environment/app-env\`: APP_ENV is "Production".

    ## Findings of reconciliation

    - \`reconciliation/x\`: x differs: wire 1, promql 2.

    ## Observability

    | measure | covered | percent | asked for | excepted | not run |
    | --- | --- | --- | --- | --- | --- |
    | label values moved | 1 of 2 | 50 % | 50 % | 1 |  |

    ### Missing of label values moved

    - \`x{a="1"}\`: no scenario or test moved it

    ### Excepted of label values moved

    - \`x{a="2"}\`: needs a full moon

    ## Recordings

    2 recordings: 1 DRIFT, 1 HIT; 1 live, 1 synthetic

    | recording | provenance | outcome | reason |
    | --- | --- | --- | --- |
    | openai/chat | live | HIT |  |
    | openai/tools | synthetic | DRIFT | in testing:<br>  x |

    ## Facts

    Each line is one value as its witnesses say it; \`-\` is not a witness of it.

    | fact | labels | mode | process | wire | database | summary | promql | equal |
    | --- | --- | --- | --- | --- | --- | --- | --- | --- |
    | x | {model="a"} | testing | 1 | 1 | - | - | 2 | **no** |
    "
  `);
});

test('each run has a folder of its own, and latest points at the newest', async () => {
  const root = await mkdtemp(join(tmpdir(), 'report-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await writeRun(root, { ...verdict, startedAt: '2026-11-22T06:00:00.000Z' });
  const folder = await writeRun(root, verdict);
  expect(basename(await readlink(join(root, '.tally', 'latest')))).toBe(basename(folder));
  const latest = await readFile(join(root, '.tally', 'latest', 'verdict.json'), 'utf8');
  expect(JSON.parse(latest)).toEqual(verdict);
});
