import { z } from 'zod';

export const textPart = z.object({ type: z.literal('text'), text: z.string() });
export type TextPart = z.infer<typeof textPart>;

/** In both shapes a content that is one text may be written as a string. */
export function partsOf<Part extends z.ZodType>(part: Part) {
  return z.preprocess((content) => toParts(content), z.array(part));
}

function toParts(content: unknown): unknown {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
}
