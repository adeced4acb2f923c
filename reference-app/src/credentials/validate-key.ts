import { z } from 'zod';
import type { CallSettings, Provider } from '../providers/provider.ts';
import { ProviderAnswerError } from '../providers/provider-error.ts';

/** What a provider says of a key; `reason` never holds the key. */
export const keyCheck = z
  .union([
    z.object({ result: z.literal('valid') }),
    z.object({ result: z.enum(['invalid', 'could_not_ask']), reason: z.string() }),
  ])
  .meta({ id: 'KeyCheck' });

export type KeyCheck = z.infer<typeof keyCheck>;

interface KeyToCheck {
  readonly provider: Provider;
  readonly apiKey: string;
  readonly settings: CallSettings;
}

const TIME_LIMIT_MS = 10_000;
const UNAUTHORIZED = 401;

/**
 * Asks the provider whether it knows the key, with a call that costs nothing. Only a plain refusal
 * of the key makes it invalid: a rate limit, a missing permission or a failure says nothing of it.
 */
export async function validateKey({ provider, apiKey, settings }: KeyToCheck): Promise<KeyCheck> {
  const signal = AbortSignal.timeout(TIME_LIMIT_MS);
  try {
    await provider.listModels({ apiKey, settings, signal });
    return { result: 'valid' };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isRefusal = error instanceof ProviderAnswerError && error.status === UNAUTHORIZED;
    return { result: isRefusal ? 'invalid' : 'could_not_ask', reason: error.message };
  }
}
