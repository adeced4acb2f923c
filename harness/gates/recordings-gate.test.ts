import { expect, test } from 'vitest';
import type { CassetteOutcome } from '#harness/cassettes/judge-cassette.ts';
import { recordingsGate } from './recordings-gate.ts';

const live: CassetteOutcome = { id: 'openai/chat', provenance: 'live', outcome: 'HIT' };
const synthetic: CassetteOutcome = { ...live, id: 'google/chat', provenance: 'synthetic' };

test('passes when all are live, or allowed by name, which it says', () => {
  expect(recordingsGate([live])).toMatchObject({ status: 'passed', checks: 1 });
  expect(recordingsGate([live, synthetic], ['google/chat'])).toMatchObject({
    status: 'passed',
    reason: '1 live, 1 not',
  });
});

test('did not run where nobody has looked at the provider, or not for long', () => {
  expect(recordingsGate([live, synthetic])).toMatchObject({
    status: 'not-run',
    reason: '1 of 2 recordings are not from a live provider: google/chat',
  });
  expect(recordingsGate([{ ...live, outcome: 'STALE', reason: 'it expired' }])).toMatchObject({
    status: 'not-run',
    reason: '1 are stale: openai/chat',
  });
  expect(recordingsGate([]).status).toBe('not-run');
});

test.for(['DRIFT', 'MISS', 'UNUSED', 'UNCHECKED'] as const)('fails on %s', (outcome) => {
  const { status, findings } = recordingsGate([{ ...synthetic, outcome, reason: 'why' }, live]);
  expect(status).toBe('failed');
  const message = `google/chat: ${outcome}, why.`;
  expect(findings).toEqual([
    { check: `recordings/${outcome.toLowerCase()}`, message, fix: expect.any(String) },
  ]);
});
