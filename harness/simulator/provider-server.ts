import type { IncomingMessage, ServerResponse } from 'node:http';

import { withoutSecrets } from '#harness/cassettes/redact/secret-parameters.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Barrier } from './barrier.ts';
import type { CallLog } from './call-log.ts';
import type { Condition } from './condition.ts';
import { type AnswerSources, decideAnswer } from './decide-answer.ts';
import { Exchange } from './exchange.ts';
import { keyFingerprint } from './key-fingerprint.ts';
import type { ProviderCall } from './ledger.ts';
import { playAnswer } from './play-answer.ts';
import type { AnswerContext, ProviderRequest, ProviderWire } from './providers/wire.ts';
import { BODY_BYTES_MAX, readBody } from './request-body.ts';
import { RequestReader } from './request-reader.ts';
import { splitTarget } from './request-target.ts';
import type { ProviderScript } from './script.ts';

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
  readonly #reader = new RequestReader();

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
    const { headers } = request;
    const method = request.method ?? 'GET';
    const operation = wire.findOperation(method, path);
    const exchange = this.#start({ provider: wire.provider, operation: operation.name }, response);
    const { call } = exchange;
    const key = wire.readKey(headers, query);
    call.keyFingerprint = key === undefined ? undefined : this.#fingerprint(key);
    const body = await readBody(request);
    if (body.kind === 'too large') {
      this.#parts.report(tooLarge(wire, `${method} ${path}`));
      exchange.cut();
    }
    if (body.kind !== 'complete' || exchange.hasEnded) {
      return;
    }
    const raw = { method, path, query: withoutSecrets(query), headers };
    const read = this.#reader.read(wire, operation, { ...raw, text: body.bytes.toString() });
    call.mark = read.mark;
    const context = { callId: call.id, nowMs: Date.now(), key };
    await this.#answer(wire, exchange, { request: read.request, context });
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

  #start(asked: Pick<ProviderCall, 'provider' | 'operation'>, response: ServerResponse): Exchange {
    const { log, condition } = this.#parts;
    const call = log.start(asked);
    const exchange = new Exchange(call, response, (end) => {
      this.#open.delete(exchange);
      log.end(call, end);
      condition.changed();
    });
    this.#open.add(exchange);
    return exchange;
  }

  async #answer(
    wire: ProviderWire,
    exchange: Exchange,
    asked: { request: ProviderRequest; context: AnswerContext },
  ): Promise<void> {
    const { call } = exchange;
    call.modelRequested = asked.request.model;
    call.isStream = asked.request.isStream;
    const { answer, answeredBy, script, finding } = decideAnswer(this.#parts.sources, wire, asked);
    call.answeredBy = answeredBy;
    call.flaw = (script && flawOf(script)) ?? answer.flaw;
    if (finding !== undefined) {
      this.#parts.report(finding);
      exchange.refuse();
    }
    const { barrier, keepsTime } = this.#parts;
    const key = asked.context.key ?? '';
    await playAnswer(exchange, answer, { barrier, key, script, keepsTime });
  }
}

function flawOf({ errorAfterContentEvents, omits }: ProviderScript): ProviderCall['flaw'] {
  if (errorAfterContentEvents !== undefined) return 'error';
  return omits?.includes('end') === true ? 'unfinished' : undefined;
}

function tooLarge({ provider }: ProviderWire, route: string): Finding {
  return {
    check: 'simulator/request_too_large',
    message: `${provider} was sent more than ${BODY_BYTES_MAX} bytes to ${route}; the connection was cut.`,
    fix: 'Mend the service: no provider takes a request of that size.',
  };
}
