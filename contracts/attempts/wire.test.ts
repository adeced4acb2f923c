import { expect, test } from 'vitest';
import type { WireCall, WireEvidence } from '#harness/index.ts';
import { fallbacks, providerRetries } from './wire.ts';

type Cause = NonNullable<WireCall['cause']>;

/** The attempts of one call of the service. */
function attempts(modelRequested: string, ...calls: Partial<WireCall>[]): WireCall[] {
  const cause = { modelRequested } as Cause;
  return calls.map(
    (call, index) =>
      ({ provider: 'openai', paidBy: 'user', cause, attempt: index + 1, ...call }) as WireCall,
  );
}

function read(witness: typeof fallbacks, providerCalls: WireCall[]): string[] {
  return witness({ providerCalls } as unknown as WireEvidence).map(({ labels }) =>
    Object.values(labels).join(' '),
  );
}

test('the same door again is a retry, for the reason that the attempt before gave', () => {
  const calls = [
    ...attempts('gpt-4o-mini', { status: 429 }, { status: 529 }, { status: 200 }),
    ...attempts('gpt-4o-mini', { status: 200 }),
  ];
  expect(read(providerRetries, calls)).toEqual(['openai rate_limited', 'openai provider_error']);
  expect(read(fallbacks, calls)).toEqual([]);
});

test('another key or another provider is a fallback', () => {
  const calls = [
    ...attempts('gpt-4o-mini', { status: 401 }, { paidBy: 'system', status: 200 }),
    ...attempts('claude-haiku-4-5', { provider: 'anthropic', status: 529 }, { paidBy: 'system' }),
    ...attempts(
      'gemini-2.5-flash-lite',
      { provider: 'google', status: 400 },
      { provider: 'google', paidBy: 'system' },
    ),
  ];
  expect(read(fallbacks, calls)).toEqual([
    'openai openai invalid_key',
    'anthropic openai provider_error',
    'google google invalid_key',
  ]);
  expect(read(providerRetries, calls)).toEqual([]);
});

test('a call without a credential falls back at once, from the provider of the model it named', () => {
  const system = { paidBy: 'system' } as const;
  const calls = [
    ...attempts('gpt-4o-mini', system),
    ...attempts('claude-haiku-4-5-20251001', system),
    ...attempts('azure/gpt-4o-mini', { ...system, provider: 'azure' }),
    ...attempts('nobody-knows-it', system),
  ];
  expect(read(fallbacks, calls)).toEqual([
    'openai openai no_credential',
    'anthropic openai no_credential',
    'azure azure no_credential',
    'openai openai no_credential',
  ]);
});
