import { parser } from '@prometheus-io/lezer-promql';

/** A leaf or a branch of an expression's syntax tree, with its place in the text. */
export interface SyntaxNode {
  /** As the grammar calls it, e.g. "VectorSelector". */
  name: string;
  text: string;
  from: number;
  to: number;
  /** Names of the nodes around it, the outermost first. */
  within: readonly string[];
}

/**
 * All nodes of a PromQL expression in the order of the text. What the grammar does not understand is
 * a node called "⚠"; types are not checked, promtool does that.
 */
export function syntaxOf(expression: string): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  const path: string[] = [];
  parser.parse(expression).iterate({
    enter({ name, from, to }) {
      nodes.push({ name, from, to, text: expression.slice(from, to), within: [...path] });
      path.push(name);
    },
    leave() {
      path.pop();
    },
  });
  return nodes;
}
