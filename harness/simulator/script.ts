import { z } from 'zod';

import { HarnessError } from '#harness/errors/harness-error.ts';

/**
 * What the simulator does with the next call that carries a given provider key. Plain data: a
 * scenario holds it, and the control API takes it as JSON.
 */
export interface ProviderScript {
  /** A deterministic answer made on the fly, in the provider's own format. */
  answer: GeneratedAnswer | ErrorAnswer;
  /**
   * Hold the call after this many content events until release() or the caller leaves; 0 is after
   * the stream's opening event, or after its head at a provider that has none (Google). A plain
   * answer is one piece and is held before its status line.
   */
  holdAfterContentEvents?: number;
  /**
   * Destroy the connection after this many content events. A plain answer is cut in the middle of
   * its body.
   */
  cutAfterContentEvents?: number;
  /** Streams only: pause between events, milliseconds. 0 when left out. */
  betweenEventsMs?: number;
}

/** Token counts are mutually exclusive classes, as in the ledger. */
export interface GeneratedAnswer {
  kind: 'generated';
  /** One content event (and one output token) each. */
  outputTokens: number;
  /** Without the cached ones. */
  inputTokens: number;
  cachedInputTokens?: number;
  /** Input tokens written to the provider's cache. At a provider that has no such class: input. */
  cacheWriteTokens?: number;
  reasoningTokens?: number;
  /** false: the answer carries no usage, whatever the request asked for. true when left out. */
  sendsUsage?: boolean;
  /** Pictures in the answer of an image model; as many as were asked for when left out. */
  images?: number;
  /** The model named in the answer; the requested one when left out. */
  modelServed?: string;
}

export interface ErrorAnswer {
  kind: 'error';
  /** HTTP status, e.g. 401, 429, 500. The envelope is the provider's own for that status. */
  status: number;
  /** Sent as the provider's retry hint when given. */
  retryAfterSeconds?: number;
}

const tokens = z.int().nonnegative().max(1_000_000);

const generatedAnswerSchema = z.strictObject({
  kind: z.literal('generated'),
  outputTokens: tokens,
  inputTokens: tokens,
  cachedInputTokens: tokens.exactOptional(),
  cacheWriteTokens: tokens.exactOptional(),
  reasoningTokens: tokens.exactOptional(),
  sendsUsage: z.boolean().exactOptional(),
  images: z.int().nonnegative().max(100).exactOptional(),
  modelServed: z.string().min(1).exactOptional(),
});

const errorAnswerSchema = z.strictObject({
  kind: z.literal('error'),
  status: z.int().min(400).max(599),
  retryAfterSeconds: z.number().nonnegative().exactOptional(),
});

export const providerScriptSchema: z.ZodType<ProviderScript> = z
  .strictObject({
    answer: z.discriminatedUnion('kind', [generatedAnswerSchema, errorAnswerSchema]),
    holdAfterContentEvents: tokens.exactOptional(),
    cutAfterContentEvents: tokens.exactOptional(),
    betweenEventsMs: z.number().nonnegative().max(60_000).exactOptional(),
  })
  .superRefine((script, context) => {
    const contentEvents = script.answer.kind === 'generated' ? script.answer.outputTokens : 0;
    for (const field of ['holdAfterContentEvents', 'cutAfterContentEvents'] as const) {
      const after = script[field] ?? 0;
      if (after > contentEvents) {
        const message = `is ${after}, but the answer has ${contentEvents} content events: it would never happen`;
        context.addIssue({ code: 'custom', path: [field], message });
      }
    }
  });

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
