import type { MovementDifference, StatedMovement } from './compare-movement.ts';
import type { Movement } from './movement.ts';

export interface ComparedMovement {
  stated: StatedMovement;
  movement: Movement;
  differences: readonly MovementDifference[];
}

/** Shows what was stated and what was found side by side, the differences first. */
export function describeMovement({ stated, movement, differences }: ComparedMovement): string {
  const { action } = movement;
  if (differences.length === 0) return `The metrics moved exactly as stated during ${action}.`;
  const wrong = new Set(differences.map(({ key }) => key));
  const right = movement.changes
    .filter(({ key, impliedBy }) => !wrong.has(key) && impliedBy === undefined)
    .map(({ key, change }) => row(' ', { stated: change, found: change, key }));
  return [
    `The metrics did not move as stated during ${action}:`,
    '',
    row(' ', { stated: 'stated', found: 'found', key: 'series' }),
    ...differences.flatMap(showDifference),
    ...right,
    '',
    `${count(differences.length, 'difference')}; ${count(Object.keys(stated).length, 'line')} stated.`,
  ].join('\n');
}

function showDifference({ kind, key, stated, found, note }: MovementDifference): string[] {
  return [row('✗', { stated, found, key }), `${' '.repeat(NOTE_INDENT)}${kind}: ${note}`];
}

const COLUMN = 12;
const NOTE_INDENT = 2 * COLUMN + 5;

type Cell = string | number | undefined;

function row(mark: string, cells: { stated: Cell; found: Cell; key: string }): string {
  const numbers = [cells.stated, cells.found].map((cell) => String(cell ?? '-').padStart(COLUMN));
  return `${mark}${numbers.join(' ')}   ${cells.key}`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
