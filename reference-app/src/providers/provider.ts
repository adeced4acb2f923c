import type { TokenCounts } from '../catalogue/cost.ts';
import type { SettingName } from '../credentials/credential-settings.ts';
import type { ErrorBody } from '../errors/api-error.ts';
import type { JsonObject } from '../shapes/json-object.ts';
import type { Chunk, ShapeName } from '../shapes/shape.ts';

/** How the owner of a key wants it to be used; the provider's own ways where nothing is said. */
export interface CallSettings {
  readonly base_url?: string | undefined;
  readonly organization?: string | undefined;
  readonly api_version?: string | undefined;
  /** How long the provider may take until its answer begins. */
  readonly timeout_ms?: number | undefined;
}

/** One attempt: what to send, with whose key, and when to give up. */
export interface ProviderCall {
  /** The provider's own name of the model. */
  readonly model: string;
  /** In the shape of the provider, or for images in that of OpenAI's; its model is `model`. */
  readonly body: JsonObject;
  readonly apiKey: string;
  readonly settings: CallSettings;
  readonly signal: AbortSignal;
}

/** A usage object of a provider. A later one replaces an earlier one: they are totals. */
export interface UsageReport {
  readonly tokens: TokenCounts;
  /** false: the answer goes on, and so does the counting. */
  readonly isFinal: boolean;
}

export interface PlainAnswer {
  readonly status: number;
  /** In the shape of the provider, or for images in that of OpenAI's. */
  readonly body: JsonObject;
  /** The JSON text of `body`, as it came where the provider speaks this shape. */
  readonly text: string;
  readonly modelServed: string | undefined;
  /** undefined when it is absent or not usable. */
  readonly usage: TokenCounts | undefined;
  /** Length of all texts in the answer, in UTF-16 units, for an estimate. */
  readonly contentCharacters: number;
}

export interface ImagesAnswer extends PlainAnswer {
  readonly images: number;
}

/** One event of a stream, with what metering needs to know about it. */
export type StreamEvent =
  | (Chunk & {
      readonly kind: 'chunk';
      /** Text, refusal, reasoning or tool arguments; a role alone is no content. */
      readonly hasContent: boolean;
      readonly modelServed: string | undefined;
      readonly usage: UsageReport | undefined;
    })
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
 * an aborted signal makes them throw one of the last two, by whether the call had been sent. What
 * the provider cannot be told makes them throw ApiError 400, before anything is sent.
 */
export interface Provider {
  readonly name: string;
  /** What it takes and gives. The inference translates for clients who speak the other one. */
  readonly shape: ShapeName;
  /** Which settings of a credential it understands. */
  readonly settingNames: readonly SettingName[];
  /** The cheapest call there is: it resolves when the provider accepts the key. */
  listModels(call: Omit<ProviderCall, 'body' | 'model'>): Promise<void>;
  complete(call: ProviderCall): Promise<PlainAnswer>;
  /** Usage is asked for whatever the client asked: a stream without it can only be estimated. */
  stream(call: ProviderCall): Promise<StreamAnswer>;
  /** Left out by a provider that makes none. */
  readonly createImages?: (call: ProviderCall) => Promise<ImagesAnswer>;
}
