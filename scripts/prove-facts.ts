#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runScript } from '#harness/cli/run-script.ts';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { ModeSegment } from '#harness/modes/mode-segment.ts';
import { prepareDatabase } from '#harness/modes/prepare-database.ts';
import { runSegment } from '#harness/modes/run-segment.ts';
import { startEmbeddedStack } from '#harness/stack/embedded/start-embedded-stack.ts';
import { cassettesOf, MODES } from '#harness/traffic/scenario.ts';
import { printFindings } from './stress/print-findings.ts';
import { readCount } from './stress/read-options.ts';

const HELP = `Proves that the witnesses of every fact agree, again and again: plays all scenarios but the recorded
ones (plain, streamed, failed, retried, fallen back, remembered, aborted at a barrier; one restart as
planned, one kill) to a new service on a new database, in both modes at once, round after round.

Usage: npm run prove:facts -- [options]

  --rounds <n>   (default 20)
  --seed <text>  all keys are derived from it; printed when it was not given
  --help

Exits with 0 when no value differed in any round, else with 1.`;

/** A scrape must fit its interval, also where the machine has other work in these minutes. */
const SCRAPE_INTERVAL_MS = 500;
/**
 * A slot that is free is taken again eight rounds later: what counts the last minute must not find
 * there what an earlier process showed.
 */
const SLOTS = 48;

process.exitCode = await runScript(async ({ output, signal }) => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '20' },
      seed: { type: 'string', default: randomBytes(4).toString('hex') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    output.line(HELP);
    return 0;
  }
  const rounds = readCount('--rounds', values.rounds);
  const { config: whole, root } = await loadConfig();
  const scenarios = whole.scenarios.filter((scenario) => cassettesOf(scenario).length === 0);
  const config = { ...whole, scenarios };
  const { seed } = values;
  const shared = { config, root, seed, baseEnv: childEnvironment(), signal };
  output.line(`seed ${seed}, ${scenarios.length} scenarios, ${config.facts.length} facts`);
  const { progress } = output;
  await using stack = await startEmbeddedStack({
    ...loadHarnessEnvironment(),
    scrapeIntervalMs: SCRAPE_INTERVAL_MS,
    slots: SLOTS,
    progress,
    signal,
  });
  const template = await stack.postgres.createTemplate((databaseUrl) =>
    prepareDatabase({ ...shared, databaseUrl }),
  );
  let compared = 0;
  let differences = 0;
  let unmet = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const say = (text: string) => progress(`round ${round} of ${rounds}: ${text}`);
    const segments = await Promise.all(
      MODES.map((mode) => runSegment({ ...shared, mode, stack, template, progress: say })),
    );
    for (const segment of segments) {
      compared += segment.facts.length;
      differences += segment.factFindings.length;
      const others = unmetPromises(segment);
      unmet += others.length;
      printFindings(output, `${segment.mode}, round ${round}`, [
        ...segment.factFindings,
        ...others,
      ]);
    }
  }
  output.line(
    `${rounds} rounds, ${MODES.length} modes: ${compared} values compared, ${differences} differences, ${unmet} promises not kept`,
  );
  return differences + unmet === 0 ? 0 : 1;
});

/** Traffic that was not as it was meant proves nothing of the facts. */
function unmetPromises({ outcomes, simulatorFindings }: ModeSegment): readonly Finding[] {
  return [...simulatorFindings, ...outcomes.flatMap(({ findings }) => findings)];
}
