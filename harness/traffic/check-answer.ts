import type { Finding } from '#harness/findings/finding.ts';
import type { PlayedCall } from './play.ts';
import type { Scenario } from './scenario.ts';
import type { ServiceCall } from './service-call.ts';

interface Comparison {
  what: string;
  expected: unknown;
  found: unknown;
}

/** Compares one answer with what its scenario promises. One finding names every difference. */
export function checkAnswer(
  { name, says }: Pick<Scenario, 'name' | 'says'>,
  { promise, call }: PlayedCall,
): Finding[] {
  const differences = comparisonsOf(promise, call).filter(
    ({ expected, found }) => expected !== found,
  );
  if (differences.length === 0) return [];
  const said = differences.map(
    ({ what, expected, found }) => `${what}: expected ${show(expected)}, found ${show(found)}`,
  );
  const why = call.failure === undefined ? '' : ` The connection said: ${call.failure}.`;
  return [
    {
      check: `contracts/${name}`,
      message: `${name}, call ${call.id} (${call.method} ${call.path}): ${said.join('; ')}.${why}\n(${says})`,
    },
  ];
}

/** Everything of an answer that its step promises. */
export function comparisonsOf(
  { expect, departure }: PlayedCall['promise'],
  call: ServiceCall,
): Comparison[] {
  const list: Comparison[] = [
    { what: 'status', expected: expect.status, found: call.status },
    { what: 'end', expected: departure ? 'left' : 'completed', found: call.end },
  ];
  if (expect.contentEvents !== undefined) {
    list.push({
      what: 'content events',
      expected: expect.contentEvents,
      found: call.contentEvents,
    });
  }
  if (expect.endsCleanly !== undefined) {
    list.push({
      what: 'ends as its grammar says',
      expected: expect.endsCleanly,
      found: call.sawEnd,
    });
  }
  if (expect.error !== undefined) {
    list.push({ what: 'error', expected: expect.error, found: errorOf(call) });
  }
  for (const [name, expected] of Object.entries(expect.headers ?? {})) {
    list.push({ what: `header ${name}`, expected, found: call.headers[name.toLowerCase()] });
  }
  return list;
}

/** The error's code, or its type when it has none; from the body or from the last event. */
function errorOf(call: ServiceCall): unknown {
  const carrier = call.body ?? call.events.at(-1);
  if (typeof carrier !== 'object' || carrier === null || !('error' in carrier)) return undefined;
  const { error } = carrier;
  if (typeof error !== 'object' || error === null) return error;
  const { code, type } = error as { code?: unknown; type?: unknown };
  return code ?? type;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
