import { type Command, Option } from 'commander';
import { BACKENDS, type Backend } from '#harness/stack/choose-stack.ts';

/** Where the stack and the service run. */
export interface PlaceFlags {
  /** Left out, it is chosen by what is there. */
  stack?: Backend;
  /** The service runs in containers of this image; true: of one that is built. */
  image?: string | true;
}

export function addPlaceOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--stack <backend>',
        'where Postgres and Prometheus run; by default external with URLs of servers, containers where Docker has the images, else embedded',
      ).choices(BACKENDS),
    )
    .option(
      '--image [name]',
      'run the service in containers of this image; without a name, of the one that service.buildImage builds',
    );
}
