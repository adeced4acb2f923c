#!/usr/bin/env node
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { runScript } from '#harness/cli/run-script.ts';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import type { Defect } from '#harness/defects/defect.ts';
import { proveDefect } from '#harness/defects/prove-defect.ts';

const HELP = `Plants each defect in a copy of the project and shows which check of Tally found it.

Usage: npm run prove -- [options]

  --only <name>      one defect
  --defects <file>   a module that exports \`defects\` (default contracts/defects/defects.ts)
  --help

Exits with 0 when every defect was found by the check it names, else with 1.`;

process.exitCode = await runScript(async ({ output, signal }) => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      defects: { type: 'string', default: 'contracts/defects/defects.ts' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    output.line(HELP);
    return 0;
  }
  const loaded = await loadConfig();
  const module: { defects: readonly Defect[] } = await import(
    pathToFileURL(resolve(values.defects)).href
  );
  const chosen = module.defects.filter(({ name }) => name === (values.only ?? name));
  let missed = 0;
  for (const defect of chosen) {
    const proof = await proveDefect(loaded, defect, {
      harness: loadHarnessEnvironment(),
      baseEnv: childEnvironment(),
      progress: (text) => output.progress(`${defect.name}: ${text}`),
      signal,
    });
    if (!proof.caught) missed += 1;
    const word = proof.caught ? output.paint('green', 'found ') : output.paint('red', 'MISSED');
    output.line(
      `${word} ${defect.name} (${(proof.durationMs / 1000).toFixed(1)} s)\n  ${proof.message ?? `verdict ${proof.verdict}; ${defect.caughtBy} said nothing; findings: ${proof.checks.join(', ') || 'none'}`}`,
    );
  }
  output.line(`${chosen.length - missed} of ${chosen.length} defects found`);
  return missed === 0 && chosen.length > 0 ? 0 : 1;
});
