import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

import { HarnessError } from '#harness/errors/harness-error.ts';

/** One port, on loopback unless told otherwise. It can be closed, so that callers are refused, and opened again. */
export class Listener {
  readonly #server: Server;
  readonly #host: string;
  #port = 0;

  constructor(serve: RequestListener, host = '127.0.0.1') {
    this.#host = host;
    this.#server = createServer(serve);
    // A connection that the server closes while its client reuses it reads like a provider fault.
    this.#server.keepAliveTimeout = 0;
  }

  /** e.g. "http://127.0.0.1:40123". */
  get url(): string {
    return `http://${this.#host}:${this.#port || 'stopped'}`;
  }

  /** Listens on this port, on the same as before, or on a free one. */
  async open(port = this.#port): Promise<void> {
    try {
      this.#server.listen(port, this.#host);
      await once(this.#server, 'listening');
    } catch (cause) {
      const what = `The simulator cannot listen on port ${port} of ${this.#host}: ${String(cause)}.`;
      const fix = 'Stop what listens there, or leave the port out so that a free one is chosen.';
      throw new HarnessError(what, { code: 'H_SIMULATOR_PORT', fix, cause });
    }
    const address = this.#server.address();
    this.#port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  /** Takes no connection any more and drops those without a call; calls that are open go on. */
  close(): void {
    this.#server.close();
  }

  /** Resolves when every connection is gone. */
  async stop(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, 'close') : undefined;
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
