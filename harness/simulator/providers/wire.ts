import type { IncomingHttpHeaders } from 'node:http';

import type { Provider } from '#harness/cassettes/provider.ts';
import type { Answer, AnswerPart, WholeAnswer } from '../answer.ts';
import type { TokenClasses } from '../ledger.ts';
import type { ErrorAnswer, GeneratedAnswer } from '../script.ts';
import type { ErrorKinds } from './error-kind.ts';
import type { KnownFields } from './known-fields.ts';

/** A request to a provider as it came, before anybody understood it. */
export interface RawRequest {
  readonly method: string;
  /** As on the provider's own host, without the query, e.g. "/v1/chat/completions". */
  readonly path: string;
  /** Sorted, without secrets; empty when there is none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON; undefined when there was none, or when it was not JSON. */
  readonly body: unknown;
}

/** What a provider's wire protocol says about a request. */
export interface ProviderRequest extends RawRequest {
  readonly operation: Operation;
  readonly model: string | undefined;
  readonly isStream: boolean;
}

export interface Operation {
  /** e.g. "chat.completions". */
  readonly name: string;
  /** inference can be scripted and generated; a catalogue always answers; unknown is not spoken. */
  readonly kind: 'inference' | 'catalogue' | 'unknown';
}

/** What makes one answer differ from the next one. */
export interface AnswerContext {
  /** The call's number in the ledger: ids are made from it. */
  readonly callId: number;
  /** Wall clock, milliseconds since 1970. */
  readonly nowMs: number;
  /** The API key the request carries. */
  readonly key: string | undefined;
}

/** What a recorded stream event or a recorded plain answer says. */
export interface ReadPayload {
  readonly isContent: boolean;
  readonly model: string | undefined;
  readonly usage: TokenClasses | undefined;
  /** false: the usage is what there is so far. A plain answer's is always final. */
  readonly isUsageFinal: boolean;
  readonly images: number;
  /** The grammar's own end of a stream. */
  readonly isEnd: boolean;
  /** Why the model stopped, in the provider's own word, e.g. "length", "MAX_TOKENS". */
  readonly finishReason: string | undefined;
  /** The names of the tools that are called. */
  readonly toolCalls: readonly string[];
  readonly error: PayloadError | undefined;
}

/** What an error object says, in an answer of its own or inside a stream. */
export interface PayloadError {
  /** The provider's own names for it, the most special one first. */
  readonly codes: readonly string[];
  readonly message: string;
  /** The hint inside the body, milliseconds. */
  readonly retryAfterMs: number | undefined;
}

/** What data says that cannot be read, or that holds nothing of interest. */
export const NO_PAYLOAD: ReadPayload = {
  isContent: false,
  model: undefined,
  usage: undefined,
  isUsageFinal: false,
  images: 0,
  isEnd: false,
  finishReason: undefined,
  toolCalls: [],
  error: undefined,
};

/** Where an error comes inside a stream. */
export interface ErrorPlace {
  readonly request: ProviderRequest;
  readonly context: AnswerContext;
  /** true: nothing comes before it. */
  readonly isFirst: boolean;
}

/**
 * The whole wire protocol of one provider; a folder of same-named files implements it per provider.
 */
export interface ProviderWire {
  readonly provider: Provider;
  /** Where the SDKs' base URL ends, e.g. "/v1". */
  readonly basePath: string;
  /** What its answers may hold; anything else is listed as unknown. */
  readonly fields: KnownFields;
  /**
   * The paths of its answers that whoever meters and tells them cannot do without, written as in
   * `fields`. Contracts must turn red where one of them is missing or wrong.
   */
  readonly reliesOn: readonly string[];
  readonly errorKinds: ErrorKinds;
  /** The API key a request carries; `query` is the request's own, with its secrets. */
  readKey(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined;
  /** What is asked for, by method and path alone. */
  findOperation(method: string, path: string): Operation;
  /** What the body asks for. */
  readRequest(request: RawRequest, operation: Operation): ProviderRequest;
  /**
   * What a recorded answer's data says: one stream event's, or a plain answer's body. `usageBefore`
   * is what the stream's earlier events said: not every provider repeats what has not changed.
   */
  readPayload(data: string, usageBefore?: TokenClasses): ReadPayload;
  /** The provider's own answer to a request that it would not serve; undefined when it would. */
  checkRequest(request: ProviderRequest, context: AnswerContext): WholeAnswer | undefined;
  /** The provider's own answer to a key that it does not know, or to none. */
  answerBadKey(request: ProviderRequest, context: AnswerContext): WholeAnswer;
  answerError(error: ErrorAnswer, request: ProviderRequest, context: AnswerContext): WholeAnswer;
  /** The error that comes inside an answer of status 200 most often. */
  readonly errorInside: ErrorAnswer;
  /** An error inside a stream, with all that still comes after it. */
  errorParts(error: ErrorAnswer, place: ErrorPlace): Iterable<AnswerPart>;
  /** A deterministic answer; `asked` says what a script wants of it. */
  generate(
    request: ProviderRequest,
    asked: GeneratedAnswer | undefined,
    context: AnswerContext,
  ): Answer;
  /** The simulator's refusal in the provider's envelope; SDKs must not retry it. */
  answerRefused(message: string): WholeAnswer;
}
