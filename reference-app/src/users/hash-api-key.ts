import { createHash } from 'node:crypto';

/**
 * SHA-256 of a service key. A slow password hash is not needed: keys are random, not chosen by
 * people, so there is nothing to guess.
 */
export function hashApiKey(apiKey: string): Buffer {
  return createHash('sha256').update(apiKey, 'utf8').digest();
}
