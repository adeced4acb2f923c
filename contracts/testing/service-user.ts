import { checkOf } from '#contracts/api/check-answer.ts';

/** What the service answered, read to its end. */
export interface Answer {
  status: number;
  headers: Headers;
  /** The text as it came, to look for what must not be in it. */
  text: string;
  /** The parsed JSON; undefined when it is none. */
  body: unknown;
}

export interface CallOptions {
  headers?: Readonly<Record<string, string>>;
  /** Another instance of the service than the file's own. */
  url?: string;
}

/** A stored user of the running service, who calls it over a real socket. */
export interface ServiceUser {
  readonly name: string;
  /** The key with which the user calls the service, for clients that put it into a header. */
  readonly serviceKey: string;
  /** The provider key stored for the user by the seed; undefined for a user who has none. */
  readonly providerKey: string | undefined;
  /** What lets the user in. */
  readonly headers: Readonly<Record<string, string>>;
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
}

const TIMEOUT_MS = 15_000;

export function createServiceUser({
  serviceUrl,
  headers,
  ...user
}: {
  name: string;
  serviceKey: string;
  providerKey: string | undefined;
  serviceUrl: string;
  headers: Readonly<Record<string, string>>;
}): ServiceUser {
  return {
    ...user,
    headers,
    call: async (method, path, body, options = {}) => {
      const url = options.url ?? serviceUrl;
      const findUndocumented = await checkOf(url);
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...headers,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...options.headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      const { status, headers: answered } = response;
      const answer = { status, headers: answered, text, body: parseJson(text) };
      const undocumented = findUndocumented({ method, path }, answer);
      if (undocumented.length > 0)
        throw new Error(
          `${method} ${path} answered ${status}, and openapi.json does not say so: ${undocumented.join('; ')}.`,
        );
      return answer;
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
