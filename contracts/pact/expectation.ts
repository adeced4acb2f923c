import { Matchers, type PactV4, type Path, type TemplateHeaders } from '@pact-foundation/pact';

/** What a consumer relies on: asked so in this state, the provider answers so. */
export interface Expectation {
  /** Unique in its pact. */
  readonly description: string;
  /** What must be true at the provider before; whoever verifies makes it true. */
  readonly state: string;
  readonly request: {
    readonly method: string;
    readonly path: Path;
    readonly query?: Readonly<Record<string, string>>;
    readonly headers: TemplateHeaders;
    readonly body?: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly headers?: TemplateHeaders;
    readonly body?: unknown;
  };
}

/**
 * Lets the consumer act on a mock of the provider, and adds the expectation to the pact. Throws
 * when the consumer sends something else than expected; what it makes of the answer is returned.
 */
export async function meetExpectation<T>(
  pact: PactV4,
  { description, state, request, response }: Expectation,
  act: (mockUrl: string) => Promise<T>,
): Promise<T | undefined> {
  const interaction = pact
    .addInteraction()
    .given(state)
    .uponReceiving(description)
    .withRequest(request.method, request.path, (builder) => {
      builder.query({ ...request.query }).headers(request.headers);
      if (request.body !== undefined) builder.jsonBody(request.body);
    })
    .willRespondWith(response.status, (builder) => {
      builder.headers({ ...response.headers });
      if (response.body !== undefined) builder.jsonBody(response.body);
    });
  return await interaction
    .executeTest(({ url }) => act(url))
    .catch((cause: unknown) => {
      throw new Error(`${description}: ${String(cause)}`, { cause });
    });
}

/** An example that the verifier replaces by what its state handler returns under the name. */
export function fromState(name: string, example: string, { prefix = '' } = {}) {
  return Matchers.fromProviderState(`${prefix}\${${name}}`, `${prefix}${example}`);
}
