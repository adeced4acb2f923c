import type { JsonObject } from './json-object.ts';

/** One stream on its way from the provider's shape to the client's. */
export interface StreamTranslation {
  /** The client's events that one event of the provider becomes: often one, sometimes none. */
  translate(chunk: JsonObject): readonly JsonObject[];
  /** What is still to be said when the provider's stream has come to the end of its grammar. */
  end(): readonly JsonObject[];
}

/** Between a client who speaks one shape and a provider that speaks the other. */
export interface Translation {
  /** Throws ApiError 400 for what the provider's shape cannot say. */
  request(body: JsonObject): JsonObject;
  answer(body: JsonObject): JsonObject;
  createStream(): StreamTranslation;
}
