import { expect, test } from 'vitest';
import { CouldNotRead, type Fact, notAWitness, type WireRow } from './fact.ts';
import { readWire } from './read-wire.ts';

const evidence = { providerCalls: [], modelLists: [], serviceCalls: [], fencedAtMs: 0 };

function fact(wire: Fact['wire'], labels: readonly string[] = []): Fact {
  const none = notAWitness('not asked');
  return {
    name: 'tokens',
    says: 'Tokens.',
    labels,
    equality: 'integer',
    wire,
    database: none,
    summary: none,
    promql: none,
  };
}

function valuesOf(contributions: readonly WireRow[], labels: readonly string[] = []) {
  const reading = readWire(
    fact(() => contributions, labels),
    evidence,
  );
  return 'rows' in reading ? Object.fromEntries(reading.rows) : reading;
}

test('sums contributions with equal labels', () => {
  const labels = { model: 'a' };
  expect(
    valuesOf(
      [
        { labels, value: 2 },
        { labels, value: 3n },
      ],
      ['model'],
    ),
  ).toEqual({
    '{model="a"}': { kind: 'exact', value: 5n },
  });
});

test('adds ranges to exact values, and a closed range is exact again', () => {
  const raced = { labels: {}, value: { min: 1, max: 3 } };
  const sure = { labels: {}, value: { min: 2, max: 2 } };
  expect(valuesOf([raced, { labels: {}, value: 4 }])).toEqual({
    '': { kind: 'range', min: 5n, max: 7n },
  });
  expect(valuesOf([sure])).toEqual({ '': { kind: 'exact', value: 2n } });
});

test('answers zero for a single value when nothing happened', () => {
  expect(valuesOf([])).toEqual({ '': { kind: 'exact', value: 0n } });
  expect(valuesOf([], ['model'])).toEqual({});
});

test('says why it could not read, and lets every other error through', () => {
  const away = fact(() => {
    throw new CouldNotRead('the edge was busy');
  });
  expect(readWire(away, evidence)).toEqual({ couldNotRead: 'the edge was busy' });
  const broken = fact(() => {
    throw new TypeError('a bug in the witness');
  });
  expect(() => readWire(broken, evidence)).toThrow('a bug in the witness');
});
