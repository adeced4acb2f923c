import type { TokenCounts } from '../../catalogue/cost.ts';
import { isFilled, isJsonObject, type JsonObject } from '../../shapes/json-object.ts';
import { parseJsonObject } from '../json-body.ts';
import type { StreamEvent, UsageReport } from '../provider.ts';
import { parseErrorBody } from './parse-error.ts';
import { parseUsage } from './parse-usage.ts';

/** Text, thoughts or tool arguments; a signature or a citation alone is none. */
function hasContent({ type, delta }: JsonObject): boolean {
  if (type !== 'content_block_delta' || !isJsonObject(delta)) return false;
  return [delta['text'], delta['thinking'], delta['partial_json']].some(isFilled);
}

/**
 * Reads one stream of Anthropic: each `data:` names its own type. It keeps the usage that
 * message_start reported, because message_delta may leave parts of it out. What it returns throws
 * ProviderCutError on what is not a JSON object.
 */
export function createEventParser(apiKey: string): (text: string) => StreamEvent {
  let soFar: TokenCounts | undefined;
  const readUsage = (usage: unknown, isFinal: boolean): UsageReport | undefined => {
    const tokens = parseUsage(usage, soFar);
    if (tokens === undefined) return undefined;
    soFar = tokens;
    return { tokens, isFinal };
  };

  return (text) => {
    const data = parseJsonObject(text);
    const { type, message, usage } = data;
    if (type === 'message_stop') return { kind: 'end' };
    if (type === 'error') {
      return { kind: 'error', body: parseErrorBody(data, 'The provider failed.', apiKey) };
    }
    const started = type === 'message_start' && isJsonObject(message) ? message : {};
    return {
      kind: 'chunk',
      data,
      text,
      hasContent: hasContent(data),
      modelServed: isFilled(started['model']) ? started['model'] : undefined,
      usage: type === 'message_delta' ? readUsage(usage, true) : readUsage(started['usage'], false),
    };
  };
}
