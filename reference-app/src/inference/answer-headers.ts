import { FALLBACK_REASONS } from '../accounting/usage-event.ts';
import type { Target } from './inference.ts';

/** Headers of an inference's answers as the document shows them. */
export const ANSWER_HEADERS = {
  'x-byom-credential': { type: 'string', enum: ['user', 'system'] },
  'x-byom-provider': { type: 'string' },
  'x-byom-fallback': { type: 'string', enum: FALLBACK_REASONS },
  'x-byom-cache': { type: 'string', enum: ['hit', 'miss'] },
};

/** Whose key paid, at which provider, and why that is not what the call asked for. */
export function headersOf({ credential, provider, fallback }: Target): Record<string, string> {
  return {
    'x-byom-credential': credential.source,
    'x-byom-provider': provider.name,
    ...(fallback !== undefined && { 'x-byom-fallback': fallback.reason }),
  };
}
