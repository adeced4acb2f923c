import type { ServiceConfig } from '#harness/config/tally-config.ts';
import { valueAt } from '#harness/json/value-at.ts';
import { ExpositionError } from '#harness/metrics/exposition-error.ts';

const TIMEOUT_MS = 5_000;

interface ReadOptions {
  signal: AbortSignal;
  /** Sent along, e.g. an authorization. Never shown. */
  headers?: Readonly<Record<string, string>>;
}

/** Reads the service's summary, which raises its epoch, if it has one. An answer that is none is a finding. */
export async function readServiceSummary(
  url: string,
  { epoch }: { epoch?: ServiceConfig['epoch'] },
  { signal, headers }: ReadOptions,
): Promise<{ summary: unknown; epoch: number | undefined }> {
  const response = await fetch(url, {
    headers: { connection: 'close', ...headers },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  const text = await response.text();
  const summary = response.ok ? parseJson(text) : undefined;
  if (summary === undefined) {
    throw new ExpositionError(
      `GET ${url} answered ${response.status} and no JSON summary: ${text.slice(0, 200)}`,
    );
  }
  const value = epoch && valueAt(summary, epoch.field);
  return { summary, epoch: typeof value === 'number' ? value : undefined };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
