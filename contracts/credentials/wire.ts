import type { WireCall, WireEvidence, WireRow } from '#harness/index.ts';
import { valueAt } from '#harness/json/value-at.ts';

/** What a call changes that was not refused. */
const CHANGES: Readonly<Record<string, string>> = {
  'POST /llm-credentials': 'created',
  'PATCH /llm-credentials/:id': 'updated',
  'PUT /llm-credentials/:id/key': 'key_replaced',
  'PUT /llm-credentials/:id/default': 'made_default',
  'DELETE /llm-credentials/:id': 'deleted',
};

/** Changes that clients were told of. */
export function credentialChanges({ serviceCalls }: WireEvidence): WireRow[] {
  return serviceCalls.flatMap(({ method, path, status = 500 }) => {
    const change = CHANGES[`${method} ${path}`];
    return change === undefined || status >= 300 ? [] : [{ labels: { change }, value: 1 }];
  });
}

/** Keys about which a provider was asked, by what came of it. */
export function validations({ modelLists }: WireEvidence): WireRow[] {
  return modelLists.map((call) => ({
    labels: { provider: call.provider, result: resultOf(call) },
    value: 1,
  }));
}

/** Google refuses a key that it does not know with 400; at the others that says nothing of the key. */
function resultOf({ provider, status }: WireCall): string {
  if (status === 200) return 'valid';
  return status === (provider === 'google' ? 400 : 401) ? 'invalid' : 'could_not_ask';
}

/** Calls that were refused because the caller's stored key could not be decrypted. */
export function unreadableCredentials({ serviceCalls }: WireEvidence): WireRow[] {
  const refused = serviceCalls.filter(
    ({ body }) => valueAt(body, 'error.code') === 'credential_unreadable',
  );
  return [{ labels: {}, value: refused.length }];
}
