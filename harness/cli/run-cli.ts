import { Command, CommanderError } from 'commander';
import { HarnessError } from '#harness/errors/harness-error.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { CommandContext } from './command-context.ts';
import { addDoctor } from './doctor.ts';
import { addImport } from './import.ts';
import { addPreview } from './preview.ts';
import { addRecord } from './record.ts';
import { addReseal } from './reseal.ts';
import { runScript } from './run-script.ts';
import { addSimulator } from './simulator.ts';
import { addUp } from './up.ts';
import { addVerify } from './verify.ts';

const EXIT_CODES_HELP = `
Exit codes:
  0   PASS        every required gate ran and passed
  1   FAIL        there is a finding
  2   INCOMPLETE  something required did not run
  70  Tally itself or its environment failed; the service was not judged`;

/** Runs one command line. Resolves with the exit code; never throws. */
export async function runCli(args: readonly string[]): Promise<number> {
  return await runScript((context) => dispatch(args, { ...context, exitCode: 0 }));
}

async function dispatch(args: readonly string[], context: CommandContext): Promise<number> {
  const program = new Command('tally')
    .description('Answers one question: may this build of a BYOM LLM service be released?')
    .version(packageJson.version)
    .addHelpText('after', EXIT_CODES_HELP)
    // Usage errors are thrown and reported like every other failure.
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const add of [
    addVerify,
    addRecord,
    addImport,
    addReseal,
    addUp,
    addSimulator,
    addPreview,
    addDoctor,
  ])
    add(program, context);
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usageError(error, program);
  }
  return context.exitCode;
}

function usageError(cause: CommanderError, program: Command): HarnessError {
  const what = cause.code === 'commander.help' ? 'No command was given.' : cause.message;
  const names = program.commands.map((command) => command.name()).join(', ');
  return new HarnessError(what.replace(/^error: /, '').trim(), {
    code: 'H_CLI_USAGE',
    fix: `Read \`tally --help\` or \`tally <command> --help\`; the commands are ${names}.`,
    cause,
  });
}
