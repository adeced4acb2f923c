// A harness that starts a stack in containers and then waits to be killed.
import { loadHarnessEnvironment } from '#harness/config/env.ts';
import { startContainerStack } from './start-container-stack.ts';

const stack = await startContainerStack(loadHarnessEnvironment());
const template = await stack.postgres.createTemplate(async () => undefined);
await template.clone();
process.stdout.write('ready\n');
process.stdin.resume();
