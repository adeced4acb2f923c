import type { Output } from '#harness/cli/output.ts';
import type { Finding } from '#harness/findings/finding.ts';

const SHOWN_MAX = 20;

/** Prints what was found where, e.g. in "production, round 7". */
export function printFindings(
  { line }: Output,
  where: string,
  findings: readonly Pick<Finding, 'message'>[],
): void {
  for (const { message } of findings.slice(0, SHOWN_MAX)) line(`  ${where}: ${message}`);
  const more = findings.length - SHOWN_MAX;
  if (more > 0) line(`  ${where}: … and ${more} more`);
}
