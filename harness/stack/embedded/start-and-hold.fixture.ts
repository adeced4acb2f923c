// A harness that starts a stack and then waits to be killed. Takes the cache directory.
import { argv } from 'node:process';
import { processEnvironment } from '#harness/config/env.ts';
import { startEmbeddedStack } from './start-embedded-stack.ts';

const [cacheDir = ''] = argv.slice(2);
const stack = await startEmbeddedStack({ cacheDir, env: processEnvironment() });
const template = await stack.postgres.createTemplate(async () => undefined);
await template.clone();
process.stdout.write('ready\n');
process.stdin.resume();
