import type { TokenCounts } from '../catalogue/cost.ts';
import type { SettingName } from '../credentials/credential-settings.ts';
import type { ErrorBody } from '../errors/api-error.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** How the owner of a key wants it to be used; the provider's own ways where nothing is said. */
export interface CallSettings {
  readonly base_url?: string | undefined;
  readonly organization?: string | undefined;
  /** How long the provider may take until its answer begins. */
  readonly timeout_ms?: number | undefined;
}

/** One attempt: what to send, with whose key, and when to give up. */
export interface ProviderCall {
  /** The body in the shape of OpenAI's chat completions. */
  readonly body: JsonObject;
  readonly apiKey: string;
  readonly settings: CallSettings;
  readonly signal: AbortSignal;
}

export interface PlainAnswer {
  readonly status: number;
  /** The JSON text for the client. */
  readonly text: string;
  readonly modelServed: string | undefined;
  readonly usage: TokenCounts | undefined;
}

/** One event of a stream, with what metering needs to know about it. */
export type StreamEvent =
  | {
      readonly kind: 'chunk';
      readonly chunk: JsonObject;
      /** The chunk as it was on the wire. */
      readonly text: string;
      /** Text, refusal, reasoning or tool arguments; a role alone is no content. */
      readonly hasContent: boolean;
      /** The chunk exists only to report usage. */
      readonly isUsageOnly: boolean;
      readonly modelServed: string | undefined;
      readonly usage: TokenCounts | undefined;
    }
  | { readonly kind: 'error'; readonly body: ErrorBody }
  /** The grammar's end: without it the stream was cut. */
  | { readonly kind: 'end' };

export interface StreamAnswer {
  readonly status: number;
  /** The events in the groups in which they arrived. Throws ProviderCutError when it breaks. */
  readonly events: AsyncIterable<readonly StreamEvent[]>;
}

/**
 * One vendor. Its calls throw ProviderAnswerError, ProviderUnreachableError or ProviderCutError;
 * an aborted signal makes them throw one of the last two, by whether the call had been sent.
 */
export interface Provider {
  readonly name: string;
  /** Which settings of a credential it understands. */
  readonly settingNames: readonly SettingName[];
  /** The cheapest call there is: it resolves when the provider accepts the key. */
  listModels(call: Omit<ProviderCall, 'body'>): Promise<void>;
  complete(call: ProviderCall): Promise<PlainAnswer>;
  stream(call: ProviderCall): Promise<StreamAnswer>;
}
