import { added, routeEnded, usersAsked, usersCached } from '#contracts/movements.ts';
import type { Scenario } from '#harness/index.ts';
import { changed } from './movements.ts';

/** What users do with their provider keys. */
export const credentialScenarios: readonly Scenario[] = [
  {
    name: 'credential-changes',
    says: 'A second key is stored, renamed, replaced, made the default one and deleted.',
    caller: 'own-key',
    request: {
      method: 'POST',
      path: '/llm-credentials',
      body: { provider: 'openai', name: 'second', api_key: 'sk-tally-second-key-0123456789' },
    },
    provider: [],
    expect: { status: 201 },
    saves: { id: 'id' },
    followedBy: [
      {
        request: { method: 'PATCH', path: '/llm-credentials/:id', body: { name: 'other' } },
        provider: [],
        expect: { status: 200 },
      },
      {
        request: {
          method: 'PUT',
          path: '/llm-credentials/:id/key',
          body: { api_key: 'sk-tally-third-key-0123456789' },
        },
        provider: [],
        expect: { status: 200 },
      },
      {
        request: { method: 'PUT', path: '/llm-credentials/:id/default' },
        provider: [],
        expect: { status: 200 },
      },
      {
        request: { method: 'DELETE', path: '/llm-credentials/:id' },
        provider: [],
        expect: { status: 204 },
      },
    ],
    movement: added(
      routeEnded('POST /llm-credentials', 201),
      routeEnded('PATCH /llm-credentials/:id', 200),
      routeEnded('PUT /llm-credentials/:id/key', 200),
      routeEnded('PUT /llm-credentials/:id/default', 200),
      routeEnded('DELETE /llm-credentials/:id', 204),
      changed('created'),
      changed('updated'),
      changed('key_replaced'),
      changed('made_default'),
      changed('deleted'),
    ),
    movementIn: { production: { ...usersAsked(1), ...usersCached(4) } },
  },
];
