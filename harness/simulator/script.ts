import { z } from 'zod';

import { HarnessError } from '#harness/errors/harness-error.ts';
import { ERROR_KINDS } from './providers/error-kind.ts';
import { SPLITS } from './split.ts';

const count = z.int().nonnegative().max(1_000_000);
const optionalCount = count.exactOptional();
const optionalMs = z.number().nonnegative().max(600_000).exactOptional();

const toolCallSchema = z.strictObject({
  name: z.string().min(1),
  arguments: z.record(z.string(), z.json()),
});

/** A deterministic answer made on the fly; its token counts are mutually exclusive classes. */
const generatedAnswerSchema = z.strictObject({
  kind: z.literal('generated'),
  /**
   * One content event each, dealt out in turn to the choices that `n` asks for. A tool call takes
   * two of them (at Google, where a call is one event, the second one is billed all the same).
   */
  outputTokens: count,
  /** Without the cached ones. */
  inputTokens: count,
  cachedInputTokens: optionalCount,
  /** Input tokens written to the provider's cache. At a provider that has no such class: input. */
  cacheWriteTokens: optionalCount,
  reasoningTokens: optionalCount,
  /** The tools that the model calls after its text; they end the answer. */
  toolCalls: z.array(toolCallSchema).max(100).readonly().exactOptional(),
  /** false: the answer carries no usage, whatever the request asked for. true when left out. */
  sendsUsage: z.boolean().exactOptional(),
  /** Pictures in the answer of an image model; as many as were asked for when left out. */
  images: z.int().nonnegative().max(100).exactOptional(),
  /** The model named in the answer; the requested one when left out. */
  modelServed: z.string().min(1).exactOptional(),
});

/** An error in the provider's own envelope. */
const errorAnswerSchema = z.strictObject({
  kind: z.literal('error'),
  /** HTTP status, e.g. 401, 429, 529. */
  status: z.int().min(400).max(599),
  /** For a status that says several things, e.g. 429 too_large; what it mostly says when left out. */
  meaning: z.enum(ERROR_KINDS).exactOptional(),
  /** Sent as the provider's hint when given; 0 is a hint too. */
  retryAfterSeconds: z.number().nonnegative().exactOptional(),
  /** Sent as x-should-retry at the providers whose SDKs obey it: all but Google. */
  shouldRetry: z.boolean().exactOptional(),
});

/**
 * These bytes, whatever they are: the page of a proxy, the envelope of a look-alike, a recording.
 * A stream is played event by event.
 */
const verbatimAnswerSchema = z.strictObject({
  kind: z.literal('verbatim'),
  status: z.int().min(200).max(599),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** The first answer of a cassette, whatever is asked: the same stream in other chunks, or cut. */
const cassetteAnswerSchema = z.strictObject({
  kind: z.literal('cassette'),
  /** e.g. "openai/chat-stream". */
  id: z.string().min(1),
  /** As it was recorded when left out. */
  split: z.enum(SPLITS).exactOptional(),
  /** Break the connection off after this many events, with content or not. */
  cutAfterEvents: z.int().positive().exactOptional(),
});

/**
 * What the simulator does with the next call that carries a given provider key. Plain data: a
 * scenario holds it, and the control API takes it as JSON.
 */
export const providerScriptSchema = z
  .strictObject({
    answer: z.discriminatedUnion('kind', [
      generatedAnswerSchema,
      errorAnswerSchema,
      verbatimAnswerSchema,
      cassetteAnswerSchema,
    ]),
    /**
     * Hold the call after this many content events until release() or the caller leaves (so it is a
     * stall, too); 0 is after the stream's opening event, or after its head at a provider that has
     * none (Google). A plain answer is one piece and is held before its status line.
     */
    holdAfterContentEvents: optionalCount,
    /** Release the held calls of this key by themselves once this many stand together. */
    releaseAtHeld: z.int().positive().exactOptional(),
    /**
     * Break the answer off after this many content events. A plain answer is cut in the middle of
     * its body.
     */
    cutAfterContentEvents: optionalCount,
    /** Break the connection off before the status line. */
    cutBeforeHead: z.boolean().exactOptional(),
    /**
     * How a cut looks to the caller. close: the connection is closed (when left out); reset: it is
     * reset; half-close: it is closed one way, and the caller may still write; end: the body ends
     * well in HTTP, and too early in the provider's grammar.
     */
    cutBy: z.enum(['close', 'reset', 'half-close', 'end']).exactOptional(),
    /**
     * In place of the rest after this many content events (0: of everything) comes an error inside
     * the answer, whose status is 200. A plain answer is the error alone.
     */
    errorAfterContentEvents: optionalCount,
    /** Which error that is; what the provider mostly says in the middle when left out. */
    errorInside: errorAnswerSchema.exactOptional(),
    /** The event after this many content events is no JSON; a plain answer's body is none. */
    malformedAfterContentEvents: optionalCount,
    /** Streams only: the finish reason, or the grammar's end ([DONE], message_stop), is missing. */
    omits: z
      .array(z.enum(['finish', 'end']))
      .readonly()
      .exactOptional(),
    /** Pause before the status line, milliseconds. */
    beforeHeadMs: optionalMs,
    /** Streams only: pause before the first content event, milliseconds. */
    beforeFirstContentMs: optionalMs,
    /** Streams only: pause between events, milliseconds. */
    betweenEventsMs: optionalMs,
    /** The content type in place of the right one. */
    contentType: z.string().min(1).exactOptional(),
    /** The body is compressed, asked for or not; each event of a stream at once. */
    isGzipped: z.boolean().exactOptional(),
  })
  .superRefine((script, context) => {
    const contentEvents = contentEventsOf(script.answer);
    for (const field of PLACES) {
      const after = script[field] ?? 0;
      if (after > contentEvents) {
        const message = `is ${after}, but the answer has ${contentEvents} content events: it would never happen`;
        context.addIssue({ code: 'custom', path: [field], message });
      }
    }
    const calls = script.answer.kind === 'generated' ? (script.answer.toolCalls ?? []) : [];
    if (2 * calls.length > contentEvents) {
      const message = `has ${calls.length} calls, which take two of the ${contentEvents} output tokens each`;
      context.addIssue({ code: 'custom', path: ['answer', 'toolCalls'], message });
    }
  });

const PLACES = [
  'holdAfterContentEvents',
  'cutAfterContentEvents',
  'errorAfterContentEvents',
  'malformedAfterContentEvents',
] as const;

export type ProviderScript = z.infer<typeof providerScriptSchema>;
export type GeneratedAnswer = z.infer<typeof generatedAnswerSchema>;
export type ErrorAnswer = z.infer<typeof errorAnswerSchema>;
export type VerbatimAnswer = z.infer<typeof verbatimAnswerSchema>;
export type ScriptedCassette = z.infer<typeof cassetteAnswerSchema>;

function contentEventsOf(answer: ProviderScript['answer']): number {
  switch (answer.kind) {
    case 'generated':
      return answer.outputTokens;
    case 'error':
      return 0;
    case 'verbatim':
    case 'cassette':
      return Number.POSITIVE_INFINITY;
  }
}

/** @throws HarnessError H_SIMULATOR_SCRIPT naming the place that is wrong */
export function parseScript(value: unknown): ProviderScript {
  const result = providerScriptSchema.safeParse(value);
  if (!result.success) {
    const what = `A provider script is not valid:\n${z.prettifyError(result.error)}`;
    const fix =
      'Correct the script; ProviderScript in harness/simulator/script.ts says what it may hold.';
    throw new HarnessError(what, { code: 'H_SIMULATOR_SCRIPT', fix });
  }
  return result.data;
}
