import type { JsonObject } from '../../shapes/json-object.ts';
import type { ProviderCall } from '../provider.ts';

export type GoogleCall = Pick<ProviderCall, 'apiKey' | 'settings' | 'signal'>;

/** What a call asks for: a POST of `body`, without one a GET. */
export interface GoogleRequest {
  /** Below the version of the API, e.g. "models/gemini-2.5-flash:generateContent". */
  readonly path: string;
  readonly body?: JsonObject;
}

export interface GoogleStream {
  readonly status: number;
  /** Gemini's chunks in the groups in which they arrived. Throws when the stream breaks. */
  readonly chunks: AsyncIterable<readonly JsonObject[]>;
}

/**
 * What metering needs of an SDK: what Gemini said, untranslated. Its calls throw as those of a
 * provider do.
 */
export interface GoogleSdk {
  request(
    call: GoogleCall,
    request: GoogleRequest,
  ): Promise<{ readonly status: number; readonly body: JsonObject }>;
  stream(call: GoogleCall, request: Required<GoogleRequest>): Promise<GoogleStream>;
}

/** Both SDKs are pinned to it: their defaults differ. */
export const API_VERSION = 'v1beta';
