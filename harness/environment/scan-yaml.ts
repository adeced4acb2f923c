import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Pair,
  parseAllDocuments,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { type Assignment, scanText } from './scan-text.ts';
import { isTestModeVariable } from './test-mode.ts';

/**
 * Finds assignments in YAML or JSON exactly: anchors and aliases, tags, escapes, flow and block
 * style, lists of `KEY=value`, `name:`/`value:` pairs, scripts in block scalars. An anchored
 * mapping counts where it is written, merged or not. Undefined when the text is not valid YAML.
 */
export function scanYaml(text: string): Assignment[] | undefined {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines });
  const found: Assignment[] = [];
  for (const document of documents) {
    if (document.errors.length > 0) return undefined;
    const lineOf = (node: unknown) => lines.linePos(startOf(node)).line;
    visit(document, {
      Pair: (_key, pair) => {
        found.push(...fromPair(document, pair, lineOf));
      },
      Map: (_key, map) => {
        found.push(...fromNameAndValue(document, map, lineOf));
      },
      Scalar: (_key, scalar) => {
        found.push(...fromText(scalar, lineOf(scalar)));
      },
    });
  }
  return found;
}

type LineOf = (node: unknown) => number;

function fromPair(document: Document, pair: Pair, lineOf: LineOf): Assignment[] {
  const variable = scalarText(document, pair.key);
  const value = scalarText(document, pair.value);
  if (!isTestModeVariable(variable) || value === undefined) return [];
  return [{ variable, value, line: lineOf(pair.key) }];
}

/** The form of Kubernetes and of task definitions: `{ name: KEY, value: x }`. */
function fromNameAndValue(document: Document, map: YAMLMap, lineOf: LineOf): Assignment[] {
  const variable = scalarText(document, map.get('name', true));
  const value = scalarText(document, map.get('value', true));
  if (!isTestModeVariable(variable) || value === undefined) return [];
  return [{ variable, value, line: lineOf(map.get('name', true)) }];
}

/** `KEY=value` in a list, and scripts in block scalars, whose text starts a line below. */
function fromText(scalar: Scalar, line: number): Assignment[] {
  if (typeof scalar.value !== 'string') return [];
  const isBlock = scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED';
  return scanText(scalar.value).map((found) => ({
    ...found,
    line: isBlock ? line + found.line : line,
  }));
}

/** The text as written (`0x1` stays `0x1`), '' for nothing, undefined for a mapping or a list. */
function scalarText(document: Document, node: unknown): string | undefined {
  const target = isAlias(node) ? node.resolve(document) : node;
  if (target === null || target === undefined) return isMap(node) ? undefined : '';
  return isScalar(target) ? (target.source ?? String(target.value ?? '')) : undefined;
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
