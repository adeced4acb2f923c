import { describe, expect, test } from 'vitest';
import type { Cassette } from './cassette.ts';
import { judgeCassette, type UseInMode } from './judge-cassette.ts';

const RULES = {
  today: '2026-11-22',
  maxAgeDays: 180,
  retiredOn: new Map([['openai/gpt-old', '2026-11-22']]),
};

const interaction: Cassette['interactions'][number] = {
  request: { method: 'POST', path: '/v1/chat/completions' },
  response: { status: 200, headers: {}, bytes: Buffer.from('{}'), chunks: undefined },
};

const cassette: Cassette = {
  id: 'openai/chat',
  provider: 'openai',
  provenance: {
    kind: 'live',
    date: '2026-11-01',
    modelRequested: 'gpt-new',
    modelServed: 'gpt-new-2026',
    recorder: 'test',
  },
  repeat: false,
  volatile: [],
  interactions: [interaction],
};

const used: UseInMode = { mode: 'testing', id: 'openai/chat', unused: [], drifts: [], misses: [] };

function judge(
  change: Partial<Cassette> = {},
  uses: readonly UseInMode[] = [used],
  isNamed = true,
): string {
  const judged = judgeCassette({ ...cassette, ...change }, { uses, rules: RULES, isNamed });
  return [judged.outcome, judged.reason].filter(Boolean).join(': ');
}

const provenance = (change: object) => ({ provenance: { ...cassette.provenance, ...change } });

describe('the outcome of a cassette', () => {
  test('is HIT when it was replayed in every mode and is fresh', () => {
    expect(judge({}, [used, { ...used, mode: 'production' }])).toBe('HIT');
    expect(judge({ expires: '2026-11-23', ...provenance({ date: '2026-05-26' }) })).toBe('HIT');
  });

  test.for([
    ['drifted', { drifts: ['it differs'] }, 'DRIFT: in testing: it differs'],
    ['met a call without a recording', { misses: ['no such'] }, 'MISS: in testing: no such'],
    ['was not asked for', { unused: [2] }, 'UNUSED: in testing: interaction 2 was never asked for'],
    [
      'drifted, and was not asked for either',
      { drifts: ['it differs'], misses: ['no such'], unused: [1] },
      'DRIFT: in testing: it differs',
    ],
  ] as const)('tells one that %s', ([, use, said]) => {
    expect(
      judge({}, [
        { ...used, mode: 'production' },
        { ...used, ...use },
      ]),
    ).toBe(said);
  });

  test('is UNUSED when nothing names it, and UNCHECKED when nobody could look', () => {
    expect(judge({}, [], false)).toBe('UNUSED: no scenario names it');
    expect(judge({}, [])).toBe('UNCHECKED: no scenario was played');
    expect(judge({ interactions: [] })).toBe('UNCHECKED: it is empty: replaying it proves nothing');
  });

  test.for([
    ['is of an older form', { format: 0 }, "it is of format 0, today's is 1"],
    ['expired', { expires: '2026-11-22' }, 'it expired on 2026-11-22'],
    [
      'is too old',
      provenance({ date: '2026-05-25' }),
      'it is 181 days old (2026-05-25), the configuration allows 180',
    ],
    [
      'asked a model that is gone',
      provenance({ modelRequested: 'gpt-old' }),
      'its model gpt-old was retired on 2026-11-22',
    ],
    [
      'was answered by a model that is gone',
      provenance({ modelServed: 'gpt-old' }),
      'its model gpt-old was retired on 2026-11-22',
    ],
  ] as const)('is STALE when it %s', ([, change, why]) => {
    expect(judge(change)).toBe(`STALE: ${why}`);
  });

  test('says that it drifted rather than that it is stale', () => {
    const drifted = { ...used, drifts: ['it differs'] };
    expect(judge({ expires: '2026-01-01' }, [drifted])).toMatch(/^DRIFT/);
  });
});
