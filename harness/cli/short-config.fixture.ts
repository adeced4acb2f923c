import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What commands make of a verdict is tested with these; all scenarios are played in contracts/. */
const SCENARIOS = 5;

/**
 * Writes a configuration that is this project's own but for its length and the given source text,
 * and gives its path. It gets a folder of its own, since .tally is written beside it.
 */
export async function writeShortConfig(
  folder: string,
  { service = '', more = '' }: { service?: string; more?: string | undefined } = {},
): Promise<string> {
  const path = join(folder, 'tally.config.ts');
  await mkdir(folder);
  const root = JSON.stringify(process.cwd());
  await writeFile(
    path,
    `import config from ${JSON.stringify(join(process.cwd(), 'tally.config.ts'))};
     // What no scenario asks for, selects or shows would be findings.
     const none = { cassettes: undefined, prices: undefined, alerts: undefined, dashboards: undefined, observability: undefined };
     const service = { ...config.service, cwd: ${root}, ${service} };
     const scenarios = config.scenarios.slice(0, ${SCENARIOS});
     export default { ...config, ...none, service, scenarios, tests: undefined, ${more} };`,
  );
  return path;
}
