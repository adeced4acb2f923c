import type { GateResult } from '#harness/gates/gate.ts';
import type { Verdict } from '#harness/gates/verdict.ts';
import { type Measure, percentOf } from '#harness/observability/measure.ts';
import { WITNESSES } from '#harness/reconcile/fact.ts';
import { countOutcomes } from './count-outcomes.ts';

/** The verdict as Markdown: for a job summary, a pull request or a mail. */
export function renderSummary(verdict: Verdict): string {
  const { profile, commit, seed, startedAt, durationMs } = verdict;
  return `${[
    `# Tally: ${verdict.verdict}`,
    `Profile \`${profile}\`, commit \`${commit ?? 'unknown'}\`, seed \`${seed}\`, ${startedAt}, ${(durationMs / 1000).toFixed(1)} s.`,
    Object.entries(verdict.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    '## Gates',
    table(
      ['gate', 'status', 'checks', 'seconds', 'reason'],
      verdict.gates.map((gate) => [
        gate.name,
        gate.status,
        String(gate.checks),
        (gate.durationMs / 1000).toFixed(1),
        gate.reason ?? '',
      ]),
    ),
    ...verdict.gates.flatMap(renderFindings),
    ...renderMeasures(verdict.gates.flatMap(({ measures = [] }) => measures)),
    '## Recordings',
    countOutcomes(verdict.cassettes),
    table(
      ['recording', 'provenance', 'outcome', 'reason'],
      verdict.cassettes.map(({ id, provenance, outcome, reason = '' }) => [
        id,
        provenance,
        outcome,
        reason.replaceAll('\n', '<br>'),
      ]),
    ),
    '## Facts',
    'Each line is one value as its witnesses say it; `-` is not a witness of it.',
    table(
      ['fact', 'labels', 'mode', 'process', ...WITNESSES, 'equal'],
      verdict.facts.map((row) => [
        row.name,
        row.labels,
        row.mode,
        String(row.process),
        ...WITNESSES.map((witness) => row[witness]),
        row.equal ? 'yes' : '**no**',
      ]),
    ),
  ].join('\n\n')}\n`;
}

function renderMeasures(measures: readonly Measure[]): string[] {
  if (measures.length === 0) return [];
  return [
    '## Observability',
    table(
      ['measure', 'covered', 'percent', 'asked for', 'excepted', 'not run'],
      measures.map((one) => [
        one.says,
        `${one.covered} of ${one.total}`,
        `${percentOf(one)} %`,
        `${one.threshold} %`,
        String(one.excepted.length),
        one.notRun ?? '',
      ]),
    ),
    ...measures.flatMap(({ says, missing, excepted }) => [
      ...list(
        `Missing of ${says}`,
        missing.map(({ name, lacks }) => `\`${name}\`: ${lacks}`),
      ),
      ...list(
        `Excepted of ${says}`,
        excepted.map(({ name, reason }) => `\`${name}\`: ${reason}`),
      ),
    ]),
  ];
}

function list(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  return [`### ${title}`, items.map((item) => `- ${item}`).join('\n')];
}

function renderFindings(gate: GateResult): string[] {
  const { findings, warnings = [] } = gate;
  if (findings.length + warnings.length === 0) return [];
  const items = [...findings, ...warnings].map(
    ({ check, message, fix }) =>
      `- \`${check}\`: ${message.replaceAll('\n', '\n  ')}${fix ? `\n  Fix: ${fix}` : ''}`,
  );
  return [`## ${findings.length > 0 ? 'Findings' : 'Warnings'} of ${gate.name}`, items.join('\n')];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
