import { createHash } from 'node:crypto';

import { canonicalJson } from './canonical-json.ts';

/**
 * The seal of a cassette: one hash over its document (without the seal itself) and its files, so
 * that no recording changes without anybody noticing.
 */
export function computeSeal(document: object, files: ReadonlyMap<string, Buffer>): string {
  const hash = createHash('sha256').update(canonicalJson({ ...document, seal: undefined }));
  for (const name of [...files.keys()].sort()) {
    hash.update(`\n${name} ${sha256(files.get(name))}`);
  }
  return `sha256-${hash.digest('hex')}`;
}

function sha256(bytes: Buffer | undefined): string {
  return createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');
}
