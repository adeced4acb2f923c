import type { RecordedResponse } from '#harness/cassettes/cassette.ts';
import { CONNECTION_HEADERS } from '#harness/cassettes/connection-headers.ts';
import type { CassetteDocument } from '#harness/cassettes/format.ts';
import type { Redactor } from '#harness/cassettes/redact/redactor.ts';
import type { CassetteContent } from '#harness/cassettes/write-cassette.ts';
import { wireJson } from '#harness/cassettes/write-cassette.ts';
import { cutAnswer } from '#harness/simulator/providers/read-answer.ts';
import type { RecordedExchange } from './recorded-exchange.ts';

type Interaction = CassetteDocument['interactions'][number];

export interface DraftOptions {
  id: string;
  redactor: Redactor;
  provenance: CassetteDocument['provenance'];
  /** Of the cassette that this one replaces. */
  kept: Pick<CassetteDocument, 'repeat' | 'volatile'>;
}

/** What was recorded, as a cassette: redacted, and so far only in memory. */
export function draftCassette(
  exchanges: readonly Pick<RecordedExchange, 'request' | 'response'>[],
  { id, redactor, provenance, kept }: DraftOptions,
): CassetteContent {
  const files = new Map<string, Buffer>();
  const interactions = exchanges.map((exchange, index): Interaction => {
    const place = `interactions[${index}]`;
    return {
      request: requestOf(exchange, `${place}.request`, redactor),
      response: responseOf(exchange.response, {
        place: `${place}.response`,
        stem: String(index + 1).padStart(3, '0'),
        redactor,
        files,
      }),
    };
  });
  const { redactions } = redactor;
  return {
    document: { format: 1, id, provenance, redactions, ...kept, interactions },
    files,
  };
}

function requestOf(
  { request }: Pick<RecordedExchange, 'request'>,
  place: string,
  redactor: Redactor,
): Interaction['request'] {
  const { method, path, query, bytes } = request;
  // A body that is no JSON (a form with a file) takes no part in matching, and is not kept.
  const body = parseJson(redactor.bytes(`${place}.body`, bytes));
  const parameters = new URLSearchParams(redactor.text(`${place}.query`, query));
  return {
    method: method as Interaction['request']['method'],
    path: redactor.text(`${place}.path`, path),
    ...(parameters.size > 0 && { query: Object.fromEntries(parameters) }),
    ...(body !== undefined && { body }),
  };
}

interface ResponsePlace {
  place: string;
  stem: string;
  redactor: Redactor;
  /** Those that do not stand in the document are added here. */
  files: Map<string, Buffer>;
}

const EXTENSIONS = { whole: 'txt', events: 'sse', array: 'json' } as const;

function responseOf(
  response: RecordedResponse | undefined,
  { place, stem, redactor, files }: ResponsePlace,
): Interaction['response'] {
  if (response === undefined) throw new TypeError(`${place}: there was no answer to keep`);
  const { status, chunks = [] } = response;
  const kept = Object.entries(response.headers).filter(([name]) => !CONNECTION_HEADERS.has(name));
  const headers = redactor.headers(`${place}.headers`, Object.fromEntries(kept));
  const bytes = redactor.bytes(`${place}.body`, response.bytes);
  const { form } = cutAnswer(response);
  const body = form === 'whole' ? parseJson(bytes) : undefined;
  if (body !== undefined) return { status, headers, body };
  const file = `${stem}.response.${EXTENSIONS[form]}`;
  files.set(file, bytes);
  if (chunks.length < 2) return { status, headers, file };
  const wire = `${stem}.wire.json`;
  files.set(wire, wireJson(chunks));
  return { status, headers, file, wire };
}

/** The value of a JSON body; undefined when it is none. */
function parseJson(bytes: Buffer): Interaction['request']['body'] {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
