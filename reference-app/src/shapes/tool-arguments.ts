import { z } from 'zod';
import { isJsonObject, type JsonObject } from './json-object.ts';

/** The arguments that a client says a tool was called with: JSON text of an object, or nothing. */
export const argumentsText = z.string().transform((text, context) => {
  const value = parseArguments(text);
  if (value !== undefined) return value;
  context.addIssue({ code: 'custom', message: 'must be the JSON of an object' });
  return z.NEVER;
});

/**
 * The arguments that a model wrote. It may have been cut short or have written no JSON: then they
 * arrive as `{"unparsed": "<text>"}`, so that nothing of them is lost.
 */
export function readArguments(text: string): JsonObject {
  return parseArguments(text) ?? { unparsed: text };
}

function parseArguments(text: string): JsonObject | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
