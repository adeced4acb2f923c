import type { Finding } from '#harness/findings/finding.ts';
import type { ConventionFinding } from './check-names.ts';

/**
 * The findings that no reason allows, each once, and one for each reason that allows nothing.
 */
export function settleAllowed(
  found: readonly ConventionFinding[],
  allowed: Readonly<Record<string, string>>,
): Finding[] {
  const unique = new Map(found.map((finding) => [finding.message, finding]));
  const metrics = new Set(found.map(({ metric }) => metric));
  return [
    ...[...unique.values()]
      .filter(({ metric }) => !Object.hasOwn(allowed, metric))
      .map(({ check, message }) => ({
        check,
        message,
        fix: 'Rename it, or say in `exposition.allowed` of tally.config.ts why it is so.',
      })),
    ...Object.keys(allowed)
      .filter((metric) => !metrics.has(metric))
      .map((metric) => ({
        check: 'exposition/allowed',
        message: `tally.config.ts allows ${metric} to break a convention, and it breaks none.`,
      })),
  ];
}
