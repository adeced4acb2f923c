import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';

import { PROVIDERS } from '#harness/cassettes/provider.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { type RequestBody, readBody } from './request-body.ts';
import { providerScriptSchema } from './script.ts';
import type { Simulator } from './simulator.ts';

interface Endpoint {
  /** Parses the JSON body (an empty object when there is none) and answers a JSON value. */
  answer(body: unknown): unknown;
}

const key = z.string().min(1);
const timeoutMs = z.int().positive().max(600_000).exactOptional();

/** The simulator's API for other processes: JSON over HTTP below `/_tally/`. */
export class ControlApi {
  readonly #endpoints: ReadonlyMap<string, Endpoint>;

  constructor(simulator: Simulator) {
    this.#endpoints = new Map(Object.entries(createEndpoints(simulator)));
  }

  async serve(
    target: string,
    { request, response }: { request: IncomingMessage; response: ServerResponse },
  ): Promise<void> {
    const route = `${request.method} ${target.split('?')[0]}`;
    const endpoint = this.#endpoints.get(route);
    const body = await readBody(request);
    if (endpoint === undefined) {
      const known = [...this.#endpoints.keys()].join(', ');
      send(response, 404, { error: `There is no "${route}" below /_tally.`, fix: `Use ${known}.` });
      return;
    }
    try {
      send(response, 200, await endpoint.answer(parseBody(body)));
    } catch (error) {
      sendError(response, error);
    }
  }
}

function parseBody(body: RequestBody): unknown {
  const text = body.kind === 'complete' ? body.bytes.toString() : '';
  return JSON.parse(text === '' ? '{}' : text);
}

function createEndpoints(simulator: Simulator): Record<string, Endpoint> {
  return {
    'GET /ledger': endpoint(z.object({}), () => simulator.ledger),
    'GET /findings': endpoint(z.object({}), () => ({
      findings: simulator.findings,
      unusedScripts: simulator.unusedScripts(),
      unusedCassettes: simulator.unusedCassettes(),
      cassetteUses: simulator.cassetteUses(),
    })),
    'POST /keys': endpoint(z.strictObject({ provider: z.enum(PROVIDERS), key }), (asked) => {
      simulator.acceptKey(asked.provider, asked.key);
      return {};
    }),
    'POST /close-port': endpoint(z.strictObject({ provider: z.enum(PROVIDERS) }), (asked) => {
      simulator.closePort(asked.provider);
      return {};
    }),
    'POST /open-port': endpoint(z.strictObject({ provider: z.enum(PROVIDERS) }), async (asked) => {
      await simulator.openPort(asked.provider);
      return {};
    }),
    'POST /scripts': endpoint(
      z.strictObject({ key, scripts: z.array(providerScriptSchema).min(1) }),
      (asked) => {
        simulator.script(asked.key, ...asked.scripts);
        return {};
      },
    ),
    'POST /expect-cassette': endpoint(z.strictObject({ key, cassette: key }), (asked) => {
      simulator.expectCassette(asked.key, asked.cassette);
      return {};
    }),
    'POST /held': endpoint(z.strictObject({ key }), (asked) => ({
      held: simulator.held(asked.key),
    })),
    'POST /until-held': endpoint(
      z.strictObject({ key, count: z.int().positive(), timeoutMs }),
      async (asked) => {
        await simulator.untilHeld(asked.key, asked.count, asked);
        return { held: simulator.held(asked.key) };
      },
    ),
    'POST /release': endpoint(z.strictObject({ key }), (asked) => ({
      released: simulator.release(asked.key),
    })),
    'POST /until-quiet': endpoint(z.strictObject({ timeoutMs }), async (asked) => {
      await simulator.untilQuiet(asked);
      return { open: simulator.ledger.open };
    }),
  };
}

function endpoint<T>(schema: z.ZodType<T>, answer: (asked: T) => unknown): Endpoint {
  return { answer: (body) => answer(schema.parse(body)) };
}

/** A wrong question is 400, a wait that ran out of time is 408. */
function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof HarnessError) {
    send(response, error.code === 'H_SIMULATOR_SCRIPT' ? 400 : 408, {
      error: error.message,
      code: error.code,
      fix: error.fix,
    });
  } else if (error instanceof z.ZodError || error instanceof SyntaxError) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    const fix = 'Correct the body; harness/simulator/control-api.ts says what each path takes.';
    send(response, 400, { error: what, fix });
  } else {
    throw error;
  }
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, ['content-type', 'application/json']);
  response.end(`${JSON.stringify(value)}\n`);
}
