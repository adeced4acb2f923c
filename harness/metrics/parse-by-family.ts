import type { MetricFamily } from './exposition.ts';
import { ExpositionError } from './exposition-error.ts';

type Families = ReadonlyMap<string, MetricFamily>;

const BLOCK_START = '# HELP ';
/** Of each family: the service in two modes, each before and after something. */
const KNOWN_TEXTS_MAX = 4;
/** Of services that name their metrics as they like. */
const KNOWN_FAMILIES_MAX = 1_000;

interface KnownBlock {
  block: string;
  family: MetricFamily;
}

/** By the name that their first line gives. */
const known = new Map<string, KnownBlock[]>();

/**
 * Parses a text family by family, so that what stands as it stood in an earlier reading is the same
 * object and costs a comparison. Undefined where families cannot be told apart like that, or
 * something is wrong: then `parseLines` must see the whole, and says in which line.
 */
export function parseByFamily(
  text: string,
  parseLines: (text: string) => Families,
): Families | undefined {
  const blocks = text.split(/^(?=# HELP )/m);
  const families = new Map<string, MetricFamily>();
  for (const block of blocks) {
    const family = knownFamily(block) ?? parseBlock(block, parseLines);
    if (family === undefined || families.has(family.name)) return undefined;
    families.set(family.name, family);
  }
  return [...families.values()].some((family) => clashes(family, families)) ? undefined : families;
}

function knownFamily(block: string): MetricFamily | undefined {
  return known.get(nameOf(block))?.find((each) => each.block === block)?.family;
}

/** The one family of a block. */
function parseBlock(
  block: string,
  parseLines: (text: string) => Families,
): MetricFamily | undefined {
  const name = nameOf(block);
  if (name === '') return undefined;
  const [family, ...others] = readBlock(block, parseLines);
  if (family === undefined || others.length > 0) return undefined;
  if (known.size >= KNOWN_FAMILIES_MAX) known.clear();
  const before = known.get(name) ?? [];
  known.set(name, [{ block, family }, ...before].slice(0, KNOWN_TEXTS_MAX));
  return family;
}

function readBlock(block: string, parseLines: (text: string) => Families): MetricFamily[] {
  try {
    return [...parseLines(block).values()];
  } catch (error) {
    if (error instanceof ExpositionError) return [];
    throw error;
  }
}

function nameOf(block: string): string {
  if (!block.startsWith(BLOCK_START)) return '';
  const end = block.indexOf(' ', BLOCK_START.length);
  return end < 0 ? '' : block.slice(BLOCK_START.length, end);
}

/** A histogram "x" has series "x_sum", and so may a counter that is named so. */
function clashes({ name, type }: MetricFamily, families: Families): boolean {
  if (type !== 'histogram' && type !== 'summary') return false;
  return ['_bucket', '_sum', '_count'].some((suffix) => families.has(`${name}${suffix}`));
}
