import type { Cassette } from '#harness/cassettes/cassette.ts';
import { Redactor } from '#harness/cassettes/redact/redactor.ts';
import { writeCassette } from '#harness/cassettes/write-cassette.ts';
import { draftCassette } from '#harness/recorder/draft-cassette.ts';
import { readLiveAnswer } from '#harness/recorder/read-live-answer.ts';
import type { RecordedExchange } from '#harness/recorder/recorded-exchange.ts';
import { wireOf } from '#harness/simulator/providers/wires.ts';
import packageJson from '../../package.json' with { type: 'json' };

export interface RecordCaseOptions {
  /** Folder of all cassettes. */
  root: string;
  id: string;
  exchanges: readonly RecordedExchange[];
  costUsd: number;
  /** Of the recording, e.g. "2026-11-22". */
  day: string;
  /** See LiveService.secrets. */
  secrets: readonly string[];
  /** The cassette that is replaced. */
  old: Cassette | undefined;
}

/** What was written. */
export interface RecordedCase {
  /** Rules of redaction that have found nothing. */
  readonly unmatchedRules: readonly string[];
  /** What scenarios state literally and the recording has changed, e.g. "usage.output: 7 → 9". */
  readonly changes: readonly string[];
}

/** Redacts what was recorded and puts it in the place of the old cassette, all of it or nothing. */
export async function recordCase(options: RecordCaseOptions): Promise<RecordedCase> {
  const { root, id, exchanges, costUsd, day, secrets, old } = options;
  const redactor = new Redactor(secrets);
  // A refusal names no model: it is that of the model that was asked for.
  const { modelRequested = 'none', modelServed = modelRequested } = exchanges.at(-1)?.call ?? {};
  const content = draftCassette(exchanges, {
    id,
    redactor,
    kept: { repeat: old?.repeat ?? false, volatile: [...(old?.volatile ?? [])] },
    provenance: {
      kind: 'live',
      date: day,
      modelRequested,
      modelServed,
      recorder: `tally ${packageJson.version}`,
      costUsd,
    },
  });
  await writeCassette(root, content, (name, bytes) => redactor.assertClean(name, bytes));
  return {
    unmatchedRules: redactor.unmatchedRules,
    changes: old === undefined ? [] : changesSince(old, exchanges),
  };
}

function changesSince(replaced: Cassette, exchanges: readonly RecordedExchange[]): string[] {
  const wire = wireOf(replaced.provider);
  const before = replaced.interactions.map(({ response }) =>
    statedOf(readLiveAnswer(wire, response)),
  );
  const now = exchanges.map(({ call }) => statedOf(call));
  return now.flatMap((values, index) => {
    const old = before[index] ?? {};
    const names = [...new Set([...Object.keys(old), ...Object.keys(values)])];
    return names
      .filter((name) => old[name] !== values[name])
      .map((name) => `${name}: ${old[name] ?? 'none'} → ${values[name] ?? 'none'}`);
  });
}

type Stated = Record<string, string | number | undefined>;

function statedOf({
  usage,
  contentEvents,
  modelServed,
  images,
}: ReturnType<typeof readLiveAnswer>): Stated {
  const tokens = Object.entries(usage ?? {}).map(([name, count]) => [`usage.${name}`, count]);
  return { ...Object.fromEntries(tokens), contentEvents, modelServed, images };
}
