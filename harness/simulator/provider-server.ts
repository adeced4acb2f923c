import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Finding } from '#harness/findings/finding.ts';
import type { Barrier } from './barrier.ts';
import type { CallLog } from './call-log.ts';
import type { Condition } from './condition.ts';
import { type AnswerSources, decideAnswer } from './decide-answer.ts';
import { Exchange } from './exchange.ts';
import { keyFingerprint } from './key-fingerprint.ts';
import { playAnswer } from './play-answer.ts';
import type { AnswerContext, ProviderWire, RawRequest } from './providers/wire.ts';
import { readBody } from './request-body.ts';

/** What the server works with; the simulator owns all of it. */
export interface ProviderServerParts {
  readonly sources: AnswerSources;
  readonly log: CallLog;
  readonly barrier: Barrier;
  readonly condition: Condition;
  readonly keepsTime: boolean;
  report(finding: Finding): void;
}

const FINGERPRINTS_MAX = 10_000;

/** Takes the provider calls: reads, decides, plays, and keeps the ledger. */
export class ProviderServer {
  readonly #parts: ProviderServerParts;
  readonly #open = new Set<Exchange>();
  readonly #fingerprints = new Map<string, string>();

  constructor(parts: ProviderServerParts) {
    this.#parts = parts;
  }

  /** `target` is the request target without the provider's prefix, e.g. "/v1/models?limit=2". */
  async serve(
    wire: ProviderWire,
    target: string,
    { request, response }: { request: IncomingMessage; response: ServerResponse },
  ): Promise<void> {
    const { path, query } = splitTarget(target);
    const method = request.method ?? 'GET';
    const operation = wire.findOperation(method, path);
    const { log, condition } = this.#parts;
    const call = log.start({ provider: wire.provider, operation: operation.name });
    const exchange = new Exchange(call, response, (end) => {
      this.#open.delete(exchange);
      log.end(call, end);
      condition.changed();
    });
    this.#open.add(exchange);
    const key = wire.readKey(request.headers);
    call.keyFingerprint = key === undefined ? undefined : this.#fingerprint(key);
    const bytes = await readBody(request);
    if (bytes !== undefined) {
      const raw = { method, path, query, body: parseJson(bytes) };
      const context = { callId: call.id, nowMs: Date.now(), key };
      await this.#answer(wire, { exchange, operation, raw, context });
    }
  }

  /** Breaks every open call off. */
  cutAll(): void {
    for (const exchange of this.#open) {
      exchange.cut();
    }
  }

  /** Hashing the same key for every call would be a tenth of a replay. */
  #fingerprint(key: string): string {
    const fingerprint = this.#fingerprints.get(key) ?? keyFingerprint(key);
    if (this.#fingerprints.size < FINGERPRINTS_MAX) {
      this.#fingerprints.set(key, fingerprint);
    }
    return fingerprint;
  }

  async #answer(
    wire: ProviderWire,
    asked: {
      exchange: Exchange;
      operation: ReturnType<ProviderWire['findOperation']>;
      raw: RawRequest;
      context: AnswerContext;
    },
  ): Promise<void> {
    const { exchange, context } = asked;
    const request = wire.readRequest(asked.raw, asked.operation);
    const { call } = exchange;
    call.modelRequested = request.model;
    call.isStream = request.isStream;
    const { answer, answeredBy, script, finding } = decideAnswer(this.#parts.sources, wire, {
      request,
      context,
    });
    call.answeredBy = answeredBy;
    if (finding !== undefined) {
      this.#parts.report(finding);
      exchange.refuse();
    }
    const { barrier, keepsTime } = this.#parts;
    await playAnswer(exchange, answer, { barrier, key: context.key ?? '', script, keepsTime });
  }
}

function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  if (mark < 0) {
    return { path: target, query: '' };
  }
  const query = new URLSearchParams(target.slice(mark + 1));
  query.sort();
  return { path: target.slice(0, mark), query: query.toString() };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return bytes.length === 0 ? undefined : JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
