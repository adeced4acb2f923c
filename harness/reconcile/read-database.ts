import type { DatabaseReader } from '#harness/database/database-reader.ts';
import type { Fact } from './fact.ts';
import { labelKey, type Reading } from './reading.ts';
import { toWitnessValue } from './witness-value.ts';

/** Asks the rows that the service wrote: one row per label set, with a column `value`. */
export async function readDatabase(
  fact: Fact,
  database: Pick<DatabaseReader, 'query'>,
): Promise<Reading> {
  if (typeof fact.database !== 'string') return fact.database;
  const rows = await database.query(fact.database);
  return {
    rows: new Map(
      rows.map(({ value, ...labels }) => [
        labelKey(textLabels(labels), fact.labels),
        toWitnessValue(value, fact.equality),
      ]),
    ),
  };
}

function textLabels(columns: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [name, value ?? 'null']),
  );
}
