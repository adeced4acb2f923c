import type { ExpectedMovement } from '#harness/index.ts';

/** Movements of the credential routes in the service's literal metric names. */

export function changed(
  change: 'created' | 'updated' | 'key_replaced' | 'made_default' | 'deleted',
  provider = 'openai',
): ExpectedMovement {
  return { [`byom_credential_changes_total{change="${change}",provider="${provider}"}`]: 1 };
}

export function validated(
  result: 'valid' | 'invalid' | 'could_not_ask',
  provider = 'openai',
): ExpectedMovement {
  return { [`byom_credential_validations_total{provider="${provider}",result="${result}"}`]: 1 };
}

/** Times that a stored key could not be decrypted. */
export function unreadable(provider = 'openai'): ExpectedMovement {
  return { [`byom_credential_decrypt_failures_total{provider="${provider}"}`]: 1 };
}
