import { type SyntaxNode, syntaxOf } from './syntax.ts';

export interface LabelMatcher {
  label: string;
  operator: '=' | '!=' | '=~' | '!~';
  value: string;
}

/** What one selector of an expression asks for. */
export interface Selector {
  /** As the expression writes it. */
  text: string;
  metric: string;
  matchers: readonly LabelMatcher[];
}

/** Every selector of an expression, each text once. */
export function selectorsOf(expression: string): Selector[] {
  const nodes = syntaxOf(expression);
  const selectors = nodes
    .filter(({ name }) => name === 'VectorSelector')
    .map((selector) => toSelector(selector, nodes));
  return [...new Map(selectors.map((selector) => [selector.text, selector])).values()];
}

function toSelector(selector: SyntaxNode, nodes: readonly SyntaxNode[]): Selector {
  const inside = nodes.filter(({ from, to }) => from >= selector.from && to <= selector.to);
  const texts = (name: string): string[] =>
    inside.filter((node) => node.name === name).map(({ text }) => text);
  const labels = texts('LabelName');
  const operators = texts('MatchOp');
  const values = texts('StringLiteral').map(unquote);
  const matchers = labels.map((label, index) => ({
    label,
    operator: operators[index] as LabelMatcher['operator'],
    value: values[index] ?? '',
  }));
  const named = matchers.find(({ label }) => label === '__name__')?.value;
  return { text: selector.text, metric: texts('Identifier')[0] ?? named ?? '', matchers };
}

/** The value of a string literal; PromQL escapes like Go, of which JSON knows the usual ones. */
function unquote(literal: string): string {
  const body = literal.slice(1, -1);
  if (literal.startsWith('`')) return body;
  return body.replaceAll(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
