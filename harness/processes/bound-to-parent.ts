import { accessSync, constants } from 'node:fs';
import { platform } from 'node:process';

type Command = readonly [string, ...string[]];

const SETPRIV = '/usr/bin/setpriv';

/**
 * The command, wrapped so that the kernel ends it when the process that starts it dies, by SIGKILL
 * too. "node" becomes the Node that runs Tally. Where there is no setpriv (macOS) the command is
 * only freed of its name: the next start sweeps what a killed run left.
 */
export function boundToParent(command: Command): Command {
  const [file, ...args] = command;
  const resolved: Command = [file === 'node' ? process.execPath : file, ...args];
  return canBind() ? [SETPRIV, '--pdeathsig', 'KILL', '--', ...resolved] : resolved;
}

function canBind(): boolean {
  if (platform !== 'linux') return false;
  try {
    accessSync(SETPRIV, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
