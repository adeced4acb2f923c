import { UPWARDS } from './compare-moved-only.ts';
import type { MovementDifference, StatedMovement } from './compare-movement.ts';
import type { Movement } from './movement.ts';

type Paint = (text: string) => string;

export interface ComparedMovement {
  /** The lines, or the patterns of what may move by any amount. */
  stated: StatedMovement | readonly string[];
  movement: Movement;
  differences: readonly MovementDifference[];
  /** Colours for what was stated, what was found, and all that is right. None when left out. */
  colours?: { stated: Paint; found: Paint; right: Paint };
}

const PLAIN = { stated: String, found: String, right: String };

/** Shows what was stated and what was found side by side, the differences first. */
export function describeMovement({
  stated,
  movement,
  differences,
  colours = PLAIN,
}: ComparedMovement): string {
  const { action } = movement;
  if (differences.length === 0) return `The metrics moved exactly as stated during ${action}.`;
  const wrong = new Set(differences.map(({ key }) => key));
  const right = movement.changes.filter(
    ({ key, impliedBy }) => !wrong.has(key) && impliedBy === undefined,
  );
  const statedOf = (change: number) => (Array.isArray(stated) ? UPWARDS : change);
  const head = { stated: colours.stated(pad('stated')), found: colours.found(pad('found')) };
  return [
    `The metrics did not move as stated during ${action}:`,
    '',
    ` ${head.stated} ${head.found}   series`,
    ...differences.flatMap((difference) => showDifference(difference, colours)),
    ...right.map(({ key, change }) =>
      colours.right(` ${pad(statedOf(change))} ${pad(change)}   ${key}`),
    ),
    '',
    `${count(differences.length, 'difference')}; ${count(Object.keys(stated).length, 'line')} stated.`,
  ].join('\n');
}

function showDifference(
  { kind, key, stated, found, note }: MovementDifference,
  colours: NonNullable<ComparedMovement['colours']>,
): string[] {
  const cells = `${colours.stated(pad(stated))} ${colours.found(pad(found))}`;
  return [`✗${cells}   ${key}`, `${' '.repeat(NOTE_INDENT)}${kind}: ${note}`];
}

const COLUMN = 12;
const NOTE_INDENT = 2 * COLUMN + 5;

function pad(cell: string | number | undefined): string {
  return String(cell ?? '-').padStart(COLUMN);
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
