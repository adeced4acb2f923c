import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { VerifierOptions } from '@pact-foundation/pact';

const LIMIT_MS = 60_000;

/**
 * Pact's verifier in a process of its own: its core writes its whole course to standard output, past
 * everything that could hold it back. The process serves one verification after the other.
 */
export class PactVerifier implements Disposable {
  readonly #child: ChildProcess;

  constructor() {
    const script = join(import.meta.dirname, 'verifier-process.ts');
    // What Pact is built on uses what Node deprecates.
    const execArgv = ['--no-deprecation'];
    this.#child = fork(script, { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  }

  /** Resolves with '' when all is kept, else with what the verifier says. */
  async verify(options: VerifierOptions): Promise<string> {
    const answered = once(this.#child, 'message', { signal: AbortSignal.timeout(LIMIT_MS) });
    this.#child.send(options);
    const [result] = await answered;
    return String(result);
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}
