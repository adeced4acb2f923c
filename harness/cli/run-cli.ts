import { Command, CommanderError } from 'commander';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { EXIT_HARNESS_FAILED } from '#harness/gates/verdict.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { CommandContext } from './command-context.ts';
import { addDoctor } from './doctor.ts';
import { createOutput, type Output } from './output.ts';
import { Interrupted, withSignals } from './signals.ts';
import { addUp } from './up.ts';
import { addVerify } from './verify.ts';

const EXIT_INTERRUPTED = 130;

const EXIT_CODES_HELP = `
Exit codes:
  0   PASS        every required gate ran and passed
  1   FAIL        there is a finding
  2   INCOMPLETE  something required did not run
  70  Tally itself or its environment failed; the service was not judged`;

/** Runs one command line. Resolves with the exit code; never throws. */
export async function runCli(args: readonly string[]): Promise<number> {
  const output = createOutput();
  try {
    return await withSignals((signal) => dispatch(args, { output, signal, exitCode: 0 }));
  } catch (error) {
    return reportFailure(error, output);
  }
}

async function dispatch(args: readonly string[], context: CommandContext): Promise<number> {
  const program = new Command('tally')
    .description('Answers one question: may this build of a BYOM LLM service be released?')
    .version(packageJson.version)
    .addHelpText('after', EXIT_CODES_HELP)
    // Usage errors are thrown and reported like every other failure.
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const add of [addVerify, addUp, addDoctor]) add(program, context);
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

function reportFailure(error: unknown, output: Output): number {
  if (error instanceof Interrupted) {
    output.failure(error.message);
    return EXIT_INTERRUPTED;
  }
  if (error instanceof HarnessError) {
    output.failure(error.message);
  } else {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    output.failure(
      `Tally failed in a way it did not foresee. Please report it with this text.\n${told}`,
    );
  }
  return EXIT_HARNESS_FAILED;
}
