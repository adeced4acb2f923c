import { parse, type ScalarTag } from 'yaml';
import type { ForeignRecording } from './foreign-exchange.ts';
import { readHar } from './read-har.ts';
import { readVcr } from './read-vcr.ts';

/** What another tool has recorded: HAR, or the YAML (or JSON) of VCR, vcrpy or go-vcr. */
export function readRecording(text: string): ForeignRecording {
  const document = parseText(text);
  if (document === undefined) return unreadable('it is neither JSON nor YAML');
  return readHar(document) ?? readVcr(document) ?? unreadable('it holds no HTTP interactions');
}

/** What a parser says is kept back: it quotes the text, and there may be a key in it. */
function parseText(text: string): unknown {
  try {
    // JSON is YAML too, but a HAR file is large, and JSON is read faster.
    return text.trimStart().startsWith('{')
      ? JSON.parse(text)
      : parse(text, { schema: 'yaml-1.1', customTags: [rubyBinary], logLevel: 'error' });
  } catch {
    return undefined;
  }
}

/** Ruby writes it without the second exclamation mark. */
const rubyBinary: ScalarTag = {
  tag: '!binary',
  resolve: (base64) => Buffer.from(base64, 'base64'),
};

function unreadable(why: string): ForeignRecording {
  const leftOut = [{ place: 'the file', why: `no recording of VCR, vcrpy, go-vcr or HAR: ${why}` }];
  return { tool: 'unknown', exchanges: [], leftOut };
}
