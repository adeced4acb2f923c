import { attempted, billed, callEnded } from '#contracts/inference/movements.ts';
import { added, routeEnded, usersAsked, usersCached } from '#contracts/movements.ts';
import type { ProviderAnswer, Scenario } from '#harness/index.ts';
import { changed, unreadable, validated } from './movements.ts';

const NANO = { provider: 'openai', model: 'gpt-5.4-nano' } as const;
const CHAT: Scenario['request'] = {
  method: 'POST',
  path: '/chat/completions',
  body: { model: NANO.model, messages: [{ role: 'user', content: 'Name three witnesses' }] },
};

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
  asksAbout('openai', 'valid', {
    answer: {
      kind: 'verbatim',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"object":"list","data":[]}',
    },
  }),
  asksAbout('google', 'invalid', { refusedBy: 'rules' }),
  asksAbout('anthropic', 'could_not_ask', { answer: { kind: 'error', status: 529 } }),
  {
    name: 'unreadable-credential',
    says: 'The stored key was damaged: the caller is told so, and the system does not pay instead.',
    caller: 'own-key',
    request: CHAT,
    provider: [],
    expect: { status: 500, error: 'credential_unreadable' },
    movement: { ...routeEnded('POST /chat/completions', 500), ...unreadable() },
  },
  {
    name: 'key-under-old-master-key',
    says: 'The key was stored under an older master key: it pays, whether encrypted anew or not yet.',
    caller: 'own-key',
    request: CHAT,
    provider: [{ answer: { kind: 'generated', inputTokens: 9, outputTokens: 7 } }],
    expect: { status: 200, headers: { 'x-byom-credential': 'user' } },
    movement: {
      ...callEnded('chat/completions', { status: 200, outcome: 'success' }),
      ...attempted(NANO, { outcome: 'success' }),
      ...billed(NANO, {
        source: 'provider',
        tokens: { input: 9, output: 7 },
        // 9 × 200,000 + 7 × 1,250,000
        costPicoUsd: 10_550_000,
      }),
    },
  },
];

/** The stored key is found in the list, and its provider is asked about it. */
function asksAbout(
  provider: 'openai' | 'google' | 'anthropic',
  result: 'valid' | 'invalid' | 'could_not_ask',
  answer: ProviderAnswer,
): Scenario {
  return {
    name: `${provider}-key-${result.replaceAll('_', '-')}`,
    says: `A stored key is checked at ${provider}: ${result}; no model is asked.`,
    caller: 'own-key',
    credentials: { [provider]: result === 'invalid' ? 'invalid' : 'valid' },
    request: { method: 'GET', path: '/llm-credentials' },
    provider: [],
    expect: { status: 200 },
    saves: { id: 'data.0.id' },
    followedBy: [
      {
        request: { method: 'POST', path: '/llm-credentials/:id/validate' },
        provider: [answer],
        expect: { status: 200 },
      },
    ],
    movement: added(
      routeEnded('GET /llm-credentials', 200),
      routeEnded('POST /llm-credentials/:id/validate', 200),
      validated(result, provider),
    ),
    movementIn: { production: { ...usersAsked(1), ...usersCached(1) } },
  };
}
