import type { z } from 'zod';
import type { ApiError, ErrorBody } from '../errors/api-error.ts';
import type { JsonObject } from './json-object.ts';

/** The two wire shapes that the service speaks, to its clients and to providers. */
export const SHAPE_NAMES = ['openai', 'anthropic'] as const;
export type ShapeName = (typeof SHAPE_NAMES)[number];

/** A valid call of an inference endpoint, in the shape of that endpoint. */
export interface ChatRequest {
  readonly body: JsonObject;
  /** undefined: the default model of the credential. */
  readonly model: string | undefined;
  readonly isStream: boolean;
  /** The client asked for the usage of a stream, so it may see it. */
  readonly wantsUsage: boolean;
  /** Length of all texts of the prompt, in UTF-16 units. */
  readonly promptCharacters: number;
}

/** One event of a stream: its JSON and the text that it was made of or will be sent as. */
export interface Chunk {
  readonly data: JsonObject;
  readonly text: string;
}

/** Writes one stream to its client. */
export interface StreamWriter {
  /** The text for the client now; '' for what it does not see, or not before the end. */
  write(chunk: Chunk): string;
  /** What ends the stream. It is sent when the attempt is recorded, never before. */
  readonly ending: string;
}

/** How an endpoint talks to its clients. */
export interface Shape {
  readonly name: ShapeName;
  /** Checks what the service itself needs; the rest of the body is the provider's to judge. */
  readonly request: z.ZodType<ChatRequest>;
  /** What the document says of an answer. */
  readonly answer: z.ZodType;
  /** What the document says of an answer other than 2xx; its id ends with "Error". */
  readonly refusal: z.ZodType;
  /** The body of an answer other than 2xx. */
  toErrorAnswer(error: Pick<ApiError, 'status' | 'body'>, requestId: string): JsonObject;
  /** The event that ends a stream which failed. */
  toErrorEvent(error: ErrorBody): string;
  createWriter(options: Pick<ChatRequest, 'wantsUsage'>): StreamWriter;
}
