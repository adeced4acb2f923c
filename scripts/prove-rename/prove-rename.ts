#!/usr/bin/env node
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { listDocumentedFamilies } from '#contracts/summary/documented-families.ts';
import type { Output } from '#harness/cli/output.ts';
import { runScript } from '#harness/cli/run-script.ts';
import { childEnvironment, loadHarnessEnvironment } from '#harness/config/env.ts';
import { loadConfig } from '#harness/config/load-config.ts';
import { proveDefect } from '#harness/defects/prove-defect.ts';
import { readName } from '../stress/read-options.ts';
import {
  askedFor,
  type Judgement,
  judgeRename,
  KINDS,
  loadAskers,
  misspelt,
  planRename,
} from './plan-rename.ts';

const FEW = ['http_requests_in_progress', 'byom_cost_pico_usd_total', 'gen_ai_client_token_usage'];

const HELP = `Proves that no metric is renamed unnoticed: renames one after the other in a copy of the service and
verifies it. Exactly the panels, alerts and facts that ask for the old name must turn red, and each
of their messages must have the new one.

Usage: npm run prove:rename -- [options]

  --only <name>  one metric (default ${FEW.length}: ${FEW.join(', ')})
  --all          every metric that a panel, an alert or a fact asks for
  --help

Exits with 0 when each rename was found where it should be, and only there, else with 1.`;

process.exitCode = await runScript(async ({ output, signal }) => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      all: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    output.line(HELP);
    return 0;
  }
  const loaded = await loadConfig();
  const askers = await loadAskers(loaded);
  const all = askedFor(await listDocumentedFamilies(loaded.root), askers);
  const few = values.only === undefined ? FEW : [readName('--only', values.only, all)];
  const table = new Table({ head: ['renamed', ...KINDS.map((kind) => `${kind} red/expected`)] });
  let wrong = 0;
  for (const family of values.all ? all : few) {
    const defect = {
      ...(await planRename(loaded.root, 'reference-app/src', family)),
      name: misspelt(family),
      says: `${family} is renamed.`,
      caughtBy: 'reconciliation/family_without_fact',
    };
    const { findings } = await proveDefect(loaded, defect, {
      harness: loadHarnessEnvironment(),
      baseEnv: childEnvironment(),
      progress: (text) => output.progress(`${defect.name}: ${text}`),
      signal,
    });
    const judged = KINDS.map((kind) => judgeRename(family, kind, { askers, findings }));
    const counts = judged.map(showCounts);
    output.progress(
      `${defect.name}: ${KINDS.map((kind, index) => `${kind} ${counts[index]}`).join(', ')}`,
    );
    table.push([misspelt(family), ...counts]);
    for (const judgement of judged) wrong += showWrong(output, family, judgement);
  }
  output.line(table.toString());
  output.line(`${table.length} renames, ${wrong} wrongly or silently judged`);
  return wrong === 0 ? 0 : 1;
});

function showCounts({ expected, wrong }: Judgement): string {
  const missed = wrong.filter((check) => expected.includes(check)).length;
  const extra = wrong.length - missed;
  const found = `${expected.length - missed}/${expected.length}`;
  return extra === 0 ? found : `${found} and ${extra} more`;
}

function showWrong(
  { line }: Pick<Output, 'line'>,
  family: string,
  { expected, wrong, silent }: Judgement,
): number {
  for (const check of wrong) {
    line(`${family}: ${check} is ${expected.includes(check) ? 'not red' : 'red'}`);
  }
  for (const check of silent) line(`${family}: ${check} does not name ${misspelt(family)}`);
  return wrong.length + silent.length;
}
