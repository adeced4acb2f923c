import type { WireEvidence, WireRow } from '#harness/index.ts';

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
