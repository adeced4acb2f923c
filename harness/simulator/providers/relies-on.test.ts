import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { RecordedResponse } from '#harness/cassettes/cassette.ts';
import { changePath, leafPathsOf } from '#harness/cassettes/change-path.ts';
import { loadCassettes } from '#harness/cassettes/load-cassettes.ts';
import { parseJson } from '../parse-json.ts';
import { cutAnswer, readPayloads } from './read-answer.ts';
import { wireOf } from './wires.ts';

const CASSETTES = await loadCassettes(
  fileURLToPath(new URL('../../../fixtures/cassettes', import.meta.url)),
);

function valuesOf(response: RecordedResponse): unknown[] {
  return cutAnswer(response).events.map(({ data }) => parseJson(data) ?? data);
}

/** The paths whose values change what the wire module reads of some recorded answer. */
function findRead(provider: 'openai' | 'google' | 'anthropic'): Set<string> {
  const wire = wireOf(provider);
  const read = (values: readonly unknown[]) =>
    JSON.stringify(
      readPayloads(
        wire,
        values.map((value) => ({ data: JSON.stringify(value), end: 0 })),
      ),
    );
  const paths = CASSETTES.filter((one) => one.provider === provider)
    .flatMap(({ interactions }) => interactions.map(({ response }) => valuesOf(response)))
    .flatMap((values) => {
      const before = read(values);
      const changes = (path: string) =>
        (['removed', 'changed'] as const).some(
          (change) =>
            read(values.map((value) => changePath(value, path, change) ?? value)) !== before,
        );
      return [...new Set(values.flatMap((value) => leafPathsOf(value)))].filter(changes);
    });
  return new Set(paths);
}

describe.for(['openai', 'google', 'anthropic'] as const)('%s', (provider) => {
  const { reliesOn } = wireOf(provider);

  test('says of every path that it reads that it relies on it', () => {
    expect([...findRead(provider)].filter((path) => !reliesOn.includes(path))).toEqual([]);
  });

  test('relies on no path that no cassette has', () => {
    const values = CASSETTES.filter((one) => one.provider === provider).flatMap(
      ({ interactions }) => interactions.flatMap(({ response }) => valuesOf(response)),
    );
    const isThere = (path: string) =>
      values.some((value) => changePath(value, path, 'removed') !== undefined);
    expect(reliesOn.filter((path) => !isThere(path))).toEqual([]);
  });
});
