import { canonicalJson } from './canonical-json.ts';

/** As every cassette.json lies in the repository: sorted by key, so that differences stay small. */
export function formatDocument(document: object): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(document)), undefined, 2)}\n`;
}
