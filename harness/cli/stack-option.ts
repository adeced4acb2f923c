import { type Command, Option } from 'commander';
import { BACKENDS, type Backend } from '#harness/stack/choose-stack.ts';

export interface StackFlag {
  /** Left out, it is chosen by what is there. */
  stack?: Backend;
}

export function addStackOption(command: Command): void {
  command.addOption(
    new Option(
      '--stack <backend>',
      'where Postgres and Prometheus run; by default external with URLs of servers, containers where Docker has the images, else embedded',
    ).choices(BACKENDS),
  );
}
