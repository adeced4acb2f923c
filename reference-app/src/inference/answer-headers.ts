import type { Target } from './inference.ts';

/** Whose key paid, at which provider, and why that is not what the call asked for. */
export function headersOf({ credential, provider, fallback }: Target): Record<string, string> {
  return {
    'x-byom-credential': credential.source,
    'x-byom-provider': provider.name,
    ...(fallback !== undefined && { 'x-byom-fallback': fallback.reason }),
  };
}
