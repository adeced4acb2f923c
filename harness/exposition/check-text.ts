import { type PromtoolOptions, runPromtool } from '#harness/alerts/promtool.ts';
import type { ConventionFinding } from './check-names.ts';

/** What `promtool check metrics` objects to in one text of /metrics: a finding for each line. */
export async function checkText(
  text: string,
  options: PromtoolOptions,
): Promise<ConventionFinding[]> {
  const said = (await runPromtool(['check', 'metrics'], { ...options, input: text })) ?? '';
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [metric = ''] = line.split(' ', 1);
    return { metric, check: 'exposition/promtool', message: `promtool: ${line}.` };
  });
}
