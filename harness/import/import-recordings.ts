import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Provider } from '#harness/cassettes/provider.ts';
import { Redactor } from '#harness/cassettes/redact/redactor.ts';
import { type CassetteContent, writeCassette } from '#harness/cassettes/write-cassette.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { draftCassette } from '#harness/recorder/draft-cassette.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { ForeignExchange, ForeignRecording, LeftOut } from './foreign-exchange.ts';
import { type ImportedExchange, importExchange, NotImportable } from './import-exchange.ts';
import { readRecording } from './read-recording.ts';

export interface ImportOptions {
  files: readonly string[];
  /** Folder of the cassettes. */
  to: string;
  /** Whose protocol is spoken at hosts that are no provider's own. */
  provider?: Provider | undefined;
  /** true: nothing is written. */
  isDryRun: boolean;
  /** For recordings that do not say when they were made, e.g. "2026-11-22". */
  today: string;
}

/** What became of the recordings. */
export interface ImportReport {
  cassettes: { file: string; tool: string; content: CassetteContent }[];
  /** Everything that became none. */
  leftOut: (LeftOut & { file: string })[];
}

/**
 * Makes cassettes of other tools' recordings: one for each file and provider, named after the file.
 * @throws HarnessError H_IMPORT_CLASH before anything is written, H_CASSETTE_SECRET
 */
export async function importRecordings(options: ImportOptions): Promise<ImportReport> {
  const report: ImportReport = { cassettes: [], leftOut: [] };
  const writes: (() => Promise<void>)[] = [];
  for (const path of options.files) {
    const file = basename(path);
    const { tool, leftOut, exchanges } = await readFrom(path);
    report.leftOut.push(...leftOut.map((one) => ({ file, ...one })));
    const taken = exchanges.flatMap((exchange) => {
      const imported = tryImport(exchange, options.provider);
      if ('why' in imported) report.leftOut.push({ file, ...imported });
      return 'why' in imported ? [] : [{ exchange, imported }];
    });
    for (const [provider, own] of Map.groupBy(taken, ({ imported }) => imported.provider)) {
      const redactor = new Redactor(own.flatMap(({ imported }) => imported.secrets));
      const content = draftCassette(
        own.map(({ imported }) => imported),
        {
          id: `${provider}/${caseName(file)}`,
          redactor,
          provenance: provenanceOf(own, { file, tool, today: options.today }),
          kept: { repeat: false, volatile: [] },
        },
      );
      report.cassettes.push({ file, tool, content });
      writes.push(() =>
        writeCassette(options.to, content, (name, bytes) => redactor.assertClean(name, bytes)),
      );
    }
  }
  await refuseClashes(report, options.to);
  if (!options.isDryRun) for (const write of writes) await write();
  return report;
}

const FILE_BYTES_MAX = 256 * 1024 * 1024;

async function readFrom(path: string): Promise<ForeignRecording> {
  try {
    const { size } = await stat(path);
    if (size <= FILE_BYTES_MAX) return readRecording(await readFile(path, 'utf8'));
    return unread(`it has ${size} bytes, and more than ${FILE_BYTES_MAX} are not read`);
  } catch (cause) {
    return unread(`it cannot be read: ${String(cause)}`);
  }
}

function unread(why: string): ForeignRecording {
  return { tool: 'unknown', exchanges: [], leftOut: [{ place: 'the file', why }] };
}

function tryImport(
  exchange: ForeignExchange,
  provider: Provider | undefined,
): ImportedExchange | LeftOut {
  try {
    return importExchange(exchange, provider);
  } catch (error) {
    if (error instanceof NotImportable) return { place: exchange.place, why: error.message };
    throw error;
  }
}

/** "Chat stream (2).yaml" becomes "chat-stream-2". */
function caseName(file: string): string {
  const stem = file.replace(/\.(ya?ml|json|har)$/i, '').toLowerCase();
  return stem.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '') || 'recording';
}

function provenanceOf(
  own: readonly { exchange: ForeignExchange; imported: ImportedExchange }[],
  { file, tool, today }: { file: string; tool: string; today: string },
): CassetteContent['document']['provenance'] {
  const [first] = own;
  const { modelRequested = 'none', modelServed = modelRequested } = first?.imported ?? {};
  const date = first && dayOf(first.exchange);
  const isStream = own.some(({ imported }) => imported.response.chunks !== undefined);
  const notes = [
    `Imported from ${file} (${tool}).`,
    ...(date === undefined ? ['The recording does not say when it was made.'] : []),
    ...(isStream ? ['Chunks and times were not recorded: one chunk for each event.'] : []),
  ];
  return {
    kind: 'derived',
    date: date ?? today,
    modelRequested,
    modelServed,
    recorder: `tally import ${packageJson.version}`,
    note: notes.join(' '),
  };
}

/** As the recording says, or else the provider's own clock. */
function dayOf({ recordedAt, headers }: ForeignExchange): string | undefined {
  const ms = Date.parse(recordedAt ?? headers['date'] ?? '');
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString().slice(0, 'yyyy-mm-dd'.length);
}

async function refuseClashes({ cassettes }: ImportReport, to: string): Promise<void> {
  const seen = new Map<string, string>();
  for (const { file, content } of cassettes) {
    const { id } = content.document;
    const other = seen.get(id) ?? (existsSync(join(to, id)) ? join(to, id) : undefined);
    seen.set(id, file);
    if (other === undefined) continue;
    throw new HarnessError(`"${file}" would become the cassette "${id}", as would "${other}".`, {
      code: 'H_IMPORT_CLASH',
      fix: 'Rename one of the files, or import into another folder; nothing was written.',
    });
  }
}
