import type { Finding } from '#harness/findings/finding.ts';
import type { Scenario } from '#harness/traffic/scenario.ts';
import type { ServiceCall } from '#harness/traffic/service-call.ts';
import type { ModeSegment } from './mode-segment.ts';
import type { ScenarioOutcome } from './scenario-outcome.ts';

export interface CompareModesOptions {
  scenarios: readonly Scenario[];
  /** Fields of answers that differ from call to call. */
  volatileFields: readonly string[];
}

/** Requires equal answers, rows and movements of the same scenarios in both modes. */
export function compareModes(
  testing: ModeSegment,
  production: ModeSegment,
  options: CompareModesOptions,
): { checks: number; findings: Finding[] } {
  const findings: Finding[] = [];
  let checks = 0;
  for (const scenario of options.scenarios) {
    const one = outcomeOf(testing, scenario);
    const other = outcomeOf(production, scenario);
    for (const aspect of aspectsOf(scenario, options)) {
      checks += 1;
      const inTesting = aspect.show(one);
      const inProduction = aspect.show(other);
      if (inTesting === inProduction) continue;
      findings.push({
        check: `modes/${scenario.name}/${aspect.name}`,
        message: `${scenario.name}: the ${aspect.name} differ between the modes.\n${firstDifference(inTesting, inProduction)}`,
        fix: 'Both modes must authenticate, meter and bill alike; an allowed difference is stated in the scenario.',
      });
    }
  }
  return { checks, findings };
}

function outcomeOf(segment: ModeSegment, scenario: Scenario): ScenarioOutcome {
  const outcome = segment.outcomes.find((candidate) => candidate.scenario === scenario.name);
  if (outcome === undefined) throw new TypeError(`${scenario.name} was not played`);
  return outcome;
}

interface Aspect {
  name: 'answers' | 'rows' | 'movements';
  show: (outcome: ScenarioOutcome) => string;
}

function aspectsOf(scenario: Scenario, { volatileFields }: CompareModesOptions): Aspect[] {
  const volatile = new Set(volatileFields);
  const allowed = new Set(
    Object.values(scenario.movementIn ?? {}).flatMap((movement) => Object.keys(movement)),
  );
  return [
    { name: 'answers', show: ({ calls }) => lines(calls.map((call) => answerOf(call, volatile))) },
    { name: 'rows', show: ({ rows }) => lines(Object.entries(rows)) },
    {
      name: 'movements',
      show: ({ movement }) =>
        lines(
          movement.changes
            .filter(({ key, impliedBy }) => impliedBy === undefined && !allowed.has(key))
            .map(({ key, change }) => [key, change]),
        ),
    },
  ];
}

function answerOf(call: ServiceCall, volatile: ReadonlySet<string>): unknown {
  const { status, end, body, events, contentEvents, sawEnd } = call;
  return withoutFields({ status, end, body, events, contentEvents, sawEnd }, volatile);
}

function withoutFields(value: unknown, volatile: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutFields(item, volatile));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !volatile.has(name))
      .map(([name, inner]) => [name, withoutFields(inner, volatile)]),
  );
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join('\n');
}

const SHOWN_CHARS_MAX = 400;

function firstDifference(testing: string, production: string): string {
  const ours = testing.split('\n');
  const theirs = production.split('\n');
  const length = Math.max(ours.length, theirs.length);
  for (let line = 0; line < length; line += 1) {
    if (ours[line] === theirs[line]) continue;
    return `testing:    ${shown(ours[line])}\nproduction: ${shown(theirs[line])}`;
  }
  return '';
}

function shown(line: string | undefined): string {
  return line === undefined ? '(nothing)' : line.slice(0, SHOWN_CHARS_MAX);
}
