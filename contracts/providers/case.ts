import type { Scenario } from '#harness/index.ts';

/** Azure speaks OpenAI's wire and has no cases of its own. */
export type CaseProvider = 'openai' | 'google' | 'anthropic';

/** What providers promise, and what must come of it. A case is named `<provider>/<promise>`. */
export const PROMISES = {
  chat: 'An answer reaches the client, and the usage in it is billed.',
  'chat-stream': 'A stream reaches the client, and the usage in it is billed.',
  'system-prompt': 'The instruction goes where the provider wants it, and the answer follows it.',
  'multi-turn': 'A talk goes on; what the provider had cached is billed at its own price.',
  'tool-call': 'The call of a tool reaches the client with its arguments.',
  'tool-call-stream': 'The call of a tool reaches the client in pieces that make its arguments.',
  'parallel-tools': 'Two calls of a tool in one answer reach the client apart.',
  'structured-output': 'An answer in the shape that was asked for is what the client gets.',
  'image-input': 'A picture beside the question reaches the provider, and is billed as input.',
  image: 'A picture reaches the client, and its tokens are billed.',
  'stop-by-length': 'An answer that was cut by the limit says so, and is billed.',
  'invalid-key': 'A key that the provider does not know is refused as the client’s own.',
  'unknown-model': 'A model that the provider does not have is refused, and nothing is billed.',
  'bad-request': 'What the provider does not take is refused, and nothing is billed.',
  'rate-limited': 'A refusal says when to come back: too late for a retry.',
  overloaded: 'The provider has too much to do; it is asked again only where it says so.',
  'error-inside-stream': 'A stream that ends in an error is no success, and nothing is billed.',
} as const;

export type ProviderPromise = keyof typeof PROMISES;

/** The id is what the result of the tool must name. */
interface ToldCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: unknown;
  /** What must come back with it, where its provider signs what it has thought. */
  readonly signature?: string;
}

/** What the client is told, in the words of the endpoint's shape; what is left out is not there. */
export interface Told {
  readonly text?: string;
  /** What the model says that it thought. */
  readonly reasoning?: string;
  readonly toolCalls?: readonly ToldCall[];
  /** Why the model stopped. */
  readonly finish?: string;
  /** In base64. */
  readonly images?: readonly string[];
  /** The code of an error, or its type where it has no code. */
  readonly error?: string;
  readonly message?: string;
}

/** A row of usage_events, every value as text. */
export type UsageRow = Readonly<Record<string, string | null>>;

/** One contract situation of a provider: a scenario that the cassette of its name answers. */
export interface ProviderCase {
  readonly promise: ProviderPromise;
  readonly provider: CaseProvider;
  readonly scenario: Scenario;
  readonly told: Told;
  /** One for each attempt. */
  readonly rows: readonly UsageRow[];
  /** What kind of error the provider answers with; undefined for an answer. */
  readonly kind: string | undefined;
}
