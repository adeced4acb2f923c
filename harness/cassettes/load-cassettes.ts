import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

import { HarnessError } from '#harness/errors/harness-error.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Cassette, RecordedResponse } from './cassette.ts';
import { type CassetteDocument, type Chunk, cassetteSchema, wireSchema } from './format.ts';
import { PROVIDERS } from './provider.ts';
import { computeSeal } from './seal.ts';

/**
 * Every cassette below `folder` (`<provider>/<case>/cassette.json`), in the order of their ids.
 * @throws HarnessError H_CASSETTE_UNREADABLE, H_CASSETTE_INVALID or H_CASSETTE_SEAL
 */
export async function loadCassettes(folder: string): Promise<Cassette[]> {
  const ids = (await Promise.all(PROVIDERS.map((provider) => listCases(folder, provider)))).flat();
  if (ids.length === 0) {
    throw new HarnessError(`There is no cassette below "${folder}".`, {
      code: 'H_CASSETTE_UNREADABLE',
      fix: 'Name the folder that holds openai/<case>/cassette.json, e.g. fixtures/cassettes.',
    });
  }
  return Promise.all(ids.sort().map((id) => loadCassette(folder, id)));
}

async function listCases(folder: string, provider: string): Promise<string[]> {
  const entries = await readdir(join(folder, provider), { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => `${provider}/${entry.name}`);
}

/** A cassette as it lies in its folder, whatever its seal says. */
export interface StoredCassette {
  readonly document: CassetteDocument;
  /** By name. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly cassette: Cassette;
}

async function loadCassette(root: string, id: string): Promise<Cassette> {
  const { document, files, cassette } = await readCassette(root, id);
  const seal = computeSeal(document, files);
  if (seal !== document.seal) {
    const what = `The cassette "${id}" was changed after it was sealed: its seal is "${document.seal}", its content has "${seal}".`;
    const fix = `Undo the edit or record it again; if the edit is meant, say why: tally reseal ${id} --reason "…".`;
    throw new HarnessError(what, { code: 'H_CASSETTE_SEAL', fix });
  }
  return cassette;
}

/**
 * Reads and checks all of a cassette but its seal.
 * @throws HarnessError H_CASSETTE_UNREADABLE or H_CASSETTE_INVALID
 */
export async function readCassette(root: string, id: string): Promise<StoredCassette> {
  const folder = join(root, id);
  const place = join(folder, 'cassette.json');
  const document = parse(cassetteSchema, await readJson(place), place);
  if (document.id !== id) {
    throw invalid(place, `its id is "${document.id}", its folder says "${id}"`);
  }
  const files = await readFiles(folder, document);
  return { document, files, cassette: assemble(folder, document, files) };
}

function assemble(
  folder: string,
  document: CassetteDocument,
  files: ReadonlyMap<string, Buffer>,
): Cassette {
  const { id } = document;
  const [provider] = PROVIDERS.filter((name) => id.startsWith(`${name}/`));
  return {
    id,
    provider: provider ?? 'openai',
    provenance: document.provenance,
    format: document.format,
    ...(document.expires !== undefined && { expires: document.expires }),
    repeat: document.repeat,
    volatile: document.volatile,
    interactions: document.interactions.map(({ request, response }) => ({
      request,
      response: assembleResponse(folder, response, files),
    })),
  };
}

type ResponseDocument = CassetteDocument['interactions'][number]['response'];

async function readFiles(folder: string, document: CassetteDocument): Promise<Map<string, Buffer>> {
  const names = document.interactions.flatMap(({ response }) => [response.file, response.wire]);
  const files = new Map<string, Buffer>();
  for (const name of names.filter((name) => name !== undefined)) {
    files.set(name, await readBytes(join(folder, name)));
  }
  return files;
}

function assembleResponse(
  folder: string,
  { status, headers, body, file, wire }: ResponseDocument,
  files: ReadonlyMap<string, Buffer>,
): RecordedResponse {
  const bytes = file === undefined ? Buffer.from(canonicalJson(body)) : files.get(file);
  const chunks = wire === undefined ? undefined : parseChunks(folder, wire, files);
  const lastOffset = chunks?.at(-1)?.[0] ?? 0;
  if (chunks !== undefined && lastOffset >= (bytes?.length ?? 0)) {
    const what = `its last chunk starts at byte ${lastOffset}, "${file}" has ${bytes?.length ?? 0} bytes`;
    throw invalid(join(folder, wire ?? ''), what);
  }
  return { status, headers, bytes: bytes ?? Buffer.alloc(0), chunks };
}

function parseChunks(folder: string, wire: string, files: ReadonlyMap<string, Buffer>): Chunk[] {
  const place = join(folder, wire);
  return parse(wireSchema, parseJson(files.get(wire)?.toString() ?? '', place), place);
}

function parse<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const result = schema.safeParse(value);
  if (!result.success) {
    throw invalid(place, z.prettifyError(result.error));
  }
  return result.data;
}

async function readJson(place: string): Promise<unknown> {
  return parseJson((await readBytes(place)).toString(), place);
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(place, `it is not JSON: ${String(cause)}`, cause);
  }
}

async function readBytes(place: string): Promise<Buffer> {
  try {
    return await readFile(place);
  } catch (cause) {
    throw new HarnessError(`"${place}" cannot be read: ${String(cause)}.`, {
      code: 'H_CASSETTE_UNREADABLE',
      fix: 'Restore the file from git, or record the cassette again.',
      cause,
    });
  }
}

function invalid(place: string, what: string, cause?: unknown): HarnessError {
  return new HarnessError(`"${place}" is not a valid cassette: ${what}.`, {
    code: 'H_CASSETTE_INVALID',
    fix: 'Correct the place that the message names (harness/cassettes/format.ts says what may stand there), or record it again.',
    cause,
  });
}
