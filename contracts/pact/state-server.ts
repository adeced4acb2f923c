import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

type MakeTrue = () => Promise<Record<string, string>>;

/** Makes a state true; what it returns replaces the examples in the request. */
export type StateHandler = MakeTrue | { setup: MakeTrue; teardown: () => Promise<void> };

export interface StateServer extends AsyncDisposable {
  /** Where the verifier asks for states. */
  readonly url: string;
  /** What handlers threw. The verifier asks on, with the examples: what it then finds says nothing. */
  readonly failures: readonly string[];
}

const askedSchema = z.object({ action: z.enum(['setup', 'teardown']), state: z.string() });

/** Listens on loopback on a free port. */
export async function startStateServer(
  handlers: ReadonlyMap<string, StateHandler>,
): Promise<StateServer> {
  const failures: string[] = [];
  const server = createServer((request, response) => {
    const changed = change(handlers, request).catch((cause: unknown) => {
      failures.push(String(cause));
      return {};
    });
    void changed.then((values) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(values));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    failures,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function change(
  handlers: ReadonlyMap<string, StateHandler>,
  request: IncomingMessage,
): Promise<Record<string, string>> {
  const { action, state } = askedSchema.parse(JSON.parse(await text(request)));
  const handler = handlers.get(state);
  if (handler === undefined) throw new Error(`Nothing makes "${state}" true.`);
  try {
    if (action === 'setup')
      return await (typeof handler === 'function' ? handler : handler.setup)();
    if (typeof handler !== 'function') await handler.teardown();
    return {};
  } catch (cause) {
    throw new Error(`"${state}", ${action}: ${String(cause)}`, { cause });
  }
}
