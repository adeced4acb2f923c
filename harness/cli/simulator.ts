import { type Command, InvalidArgumentError } from 'commander';
import { CONFIG_FILE } from '#harness/config/load-config.ts';
import type { CommandContext } from './command-context.ts';
import type { SimulatorFlags } from './run-simulator.ts';

const EXAMPLES = `
Examples:
  $ tally simulator                                          providers at /openai/v1, /google, /anthropic, /azure
  $ tally simulator --service-url http://127.0.0.1:3000      with traffic through the service

For a service that Tally does not start, as in docker-compose.yml. Valid are the keys of the scenarios'
users, and for the service itself those that this command prints; any other key is a wrong one.`;

export function addSimulator(program: Command, context: CommandContext): void {
  program
    .command('simulator')
    .description('stand for the providers of a service that runs already, until Ctrl-C')
    .option('--config <file>', 'the configuration', CONFIG_FILE)
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <number>', 'where to listen', readNumber, 8080)
    .option('--seed <text>', 'derive all keys from this', 'simulator')
    .option('--database-url <url>', "the service's database: made ready when it is empty")
    .option('--service-url <url>', 'play the scenarios through this service, again and again')
    .option('--every <seconds>', 'pause between two rounds of scenarios', readNumber, 15)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: SimulatorFlags) => {
      // Loaded here, so that help and usage errors need not wait for all of it.
      const { runSimulator } = await import('./run-simulator.ts');
      await runSimulator(flags, context);
    });
}

function readNumber(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}
