import { METHODS } from 'node:http';
import { callerOf } from '#harness/traffic/callers.ts';
import { type Scenario, type ServiceRequest, stepsOf } from '#harness/traffic/scenario.ts';

/** A request that a stranger might send. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; undefined for a request without a body. */
  readonly body: string | undefined;
}

export interface HostileOptions {
  readonly seed: string;
  readonly authorization: (serviceKey: string) => Record<string, string>;
  /** Every text that is made up holds it, so that it is found wherever it comes out. */
  readonly marker: string;
}

/**
 * Makes rounds of hostile requests from the requests of scenarios. Each round has the same kinds:
 * every text of every body replaced once, ids, paths, a method and a key that nobody knows; and
 * each request has texts that none before it had. Pure.
 */
export function createHostileRounds(
  scenarios: readonly Scenario[],
  { seed, authorization, marker }: HostileOptions,
): () => readonly HostileRequest[] {
  const templates = listTemplates(scenarios, seed);
  let made = 0;
  let round = 0;
  function newText(): string {
    made += 1;
    return `${marker}-${made}`;
  }

  function create(method: string, path: string, key: string, body?: unknown): HostileRequest {
    const text = newText();
    return {
      method,
      path: `${path.replace(/:\w+/g, text)}?q=${text}`,
      headers: {
        ...authorization(key),
        'user-agent': text,
        referer: `http://${text}/`,
        'x-forwarded-for': text,
        'x-request-id': text,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    };
  }

  return () => {
    const [first] = templates;
    const method = UNUSUAL_METHODS[round % UNUSUAL_METHODS.length] ?? 'OPTIONS';
    round += 1;
    return [
      ...templates.flatMap(({ request: { method: usual, path, body }, key }) => {
        const places = placesOf(body);
        if (places.length === 0) return [create(usual, path, key, body)];
        return places.map((place) =>
          // What a label value must escape, so that it cannot forge another line.
          create(usual, path, key, replaceAt(body, place, `${newText()}\n"é\\`)),
        );
      }),
      create('GET', '/:a', first?.key ?? ''),
      create('POST', '/:a/:b', first?.key ?? '', {}),
      create('GET', first?.request.path ?? '/', newText()),
      create(method, first?.request.path ?? '/', first?.key ?? ''),
    ];
  };
}

/** CONNECT and TRACE are no requests for a client's library to send. */
const UNUSUAL_METHODS = METHODS.filter((method) => !['CONNECT', 'TRACE'].includes(method));

interface Template {
  readonly request: ServiceRequest;
  /** Of the caller who sends it in the scenario. */
  readonly key: string;
}

/** One request of a stored user for each method and route that scenarios know. */
function listTemplates(scenarios: readonly Scenario[], seed: string): Template[] {
  const templates = new Map<string, Template>();
  for (const scenario of scenarios.filter(({ caller }) => caller !== 'unknown')) {
    const key = callerOf(scenario, seed).serviceKey;
    for (const { request } of stepsOf(scenario)) {
      const name = `${request.method} ${request.path}`;
      if (!templates.has(name)) templates.set(name, { request, key });
    }
  }
  return [...templates.values()];
}

type Place = readonly (string | number)[];

/** Where the texts of a body stand. */
function placesOf(value: unknown): Place[] {
  if (typeof value === 'string') return [[]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    placesOf(part).map((rest) => [name, ...rest]),
  );
}

function replaceAt(value: unknown, [name, ...rest]: Place, text: string): unknown {
  if (name === undefined) return text;
  const copy: Record<string | number, unknown> = Object.assign(
    Array.isArray(value) ? [] : {},
    value,
  );
  copy[name] = replaceAt(copy[name], rest, text);
  return copy;
}
