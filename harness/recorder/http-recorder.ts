import { Agent as HttpAgent, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { PROVIDERS, type Provider } from '#harness/cassettes/provider.ts';
import { withoutSecrets } from '#harness/cassettes/redact/secret-parameters.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { CallLog } from '#harness/simulator/call-log.ts';
import { findCallMark } from '#harness/simulator/call-mark.ts';
import { Condition } from '#harness/simulator/condition.ts';
import { Exchange } from '#harness/simulator/exchange.ts';
import { keyFingerprint } from '#harness/simulator/key-fingerprint.ts';
import type { ProviderLedger } from '#harness/simulator/ledger.ts';
import { Listener } from '#harness/simulator/listener.ts';
import { parseJson } from '#harness/simulator/parse-json.ts';
import type { ProviderWire } from '#harness/simulator/providers/wire.ts';
import { wireOf } from '#harness/simulator/providers/wires.ts';
import { readBody } from '#harness/simulator/request-body.ts';
import { splitTarget } from '#harness/simulator/request-target.ts';
import { untilQuiet } from '#harness/simulator/until-quiet.ts';
import { keyOnTheWay } from './key-on-the-way.ts';
import { readLiveAnswer } from './read-live-answer.ts';
import type { RecordedExchange } from './recorded-exchange.ts';
import type { Recorder, Upstreams } from './recorder.ts';
import { tee } from './tee.ts';

interface Connection {
  request: IncomingMessage;
  response: ServerResponse;
}

type AskedSoFar = {
  -readonly [Key in keyof RecordedExchange['request']]: RecordedExchange['request'][Key];
};

/** One call on its way. */
interface KeptSoFar {
  readonly exchange: Exchange;
  readonly asked: AskedSoFar;
  /** What has come of the answer. */
  answer: () => RecordedExchange['response'];
}

const NO_BYTES: Buffer = Buffer.alloc(0);

/** The one implementation of Recorder; see there. */
export class HttpRecorder implements Recorder {
  readonly exchanges: RecordedExchange[] = [];
  readonly findings: Finding[] = [];
  readonly #upstreams: Upstreams;
  readonly #listener = new Listener((request, response) => this.#route({ request, response }));
  readonly #agents = {
    'http:': new HttpAgent({ keepAlive: true }),
    'https:': new HttpsAgent({ keepAlive: true }),
  };
  readonly #condition = new Condition();
  readonly #log = new CallLog();
  readonly #keys = new Map<Provider, Set<string>>();
  readonly #open = new Set<Exchange>();

  constructor(upstreams: Upstreams) {
    this.#upstreams = upstreams;
  }

  get ledger(): ProviderLedger {
    return this.#log;
  }

  listen(): Promise<void> {
    return this.#listener.open();
  }

  providerUrl(provider: Provider): string {
    return `${this.#listener.url}/${provider}${wireOf(provider).basePath}`;
  }

  acceptKey(provider: Provider, key: string): void {
    this.#keys.set(provider, (this.#keys.get(provider) ?? new Set()).add(key));
  }

  untilQuiet({ timeoutMs }: { timeoutMs?: number } = {}): Promise<void> {
    return untilQuiet(this.#log, this.#condition, timeoutMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const exchange of this.#open) exchange.cut();
    await this.#listener.stop();
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  #route({ request, response }: Connection): void {
    const [, first, target = '/'] = request.url?.match(/^\/([^/?]*)(.*)$/) ?? [];
    const provider = PROVIDERS.find((name) => name === first);
    if (provider === undefined) {
      response.writeHead(404).end();
      return;
    }
    // What the connection itself does wrong is told by its close; nothing else here may fail.
    this.#serve(provider, target, { request, response }).catch((cause) => {
      this.#report('recorder/failed', `The recorder failed: ${String(cause)}.`);
      response.destroy();
    });
  }

  async #serve(
    provider: Provider,
    target: string,
    { request, response }: Connection,
  ): Promise<void> {
    const wire = wireOf(provider);
    const { method = 'GET', headers } = request;
    const { path, query } = splitTarget(target);
    const operation = wire.findOperation(method, path);
    const kept = this.#keep(wire, response, {
      asked: { method, path, query: withoutSecrets(query), bytes: NO_BYTES },
      operation: operation.name,
    });
    const { exchange, asked } = kept;
    const { call } = exchange;
    const key = wire.readKey(headers, query);
    call.keyFingerprint = key === undefined ? undefined : keyFingerprint(key);
    const body = await readBody(request);
    if (body.kind !== 'complete' || exchange.hasEnded) {
      exchange.cut();
      return;
    }
    asked.bytes = body.bytes;
    const text = body.bytes.toString();
    const raw = { ...asked, headers, body: parseJson(text) };
    const { model, isStream } = wire.readRequest(raw, operation);
    Object.assign(call, { modelRequested: model, isStream, mark: findCallMark(text) });
    const upstream = this.#upstreams[provider];
    if (upstream === undefined || !target.startsWith(wire.basePath)) {
      const what = `${provider} was asked ${method} ${path}, and nobody live is there.`;
      this.#report('recorder/no_upstream', what);
      exchange.refuse();
      exchange.sendWhole(wire.answerRefused(what));
      return;
    }
    call.answeredBy = 'live';
    const isAccepted = key !== undefined && this.#keys.get(provider)?.has(key) === true;
    const swap = keyOnTheWay(isAccepted ? key : undefined, upstream.key);
    const base = upstream.baseUrl.replace(/\/$/, '');
    const url = new URL(`${base}${swap(target.slice(wire.basePath.length))}`);
    const agent = this.#agents[url.protocol === 'http:' ? 'http:' : 'https:'];
    kept.answer = tee(
      { exchange, response },
      { url, method, headers, agent, body: body.bytes },
      {
        swap,
        onUnreachable: (cause) =>
          this.#report('recorder/unreachable', `${provider} at ${url.origin} broke off: ${cause}.`),
      },
    );
  }

  /** Opens a call in the ledger; when it has ended, what went through is kept. */
  #keep(
    wire: ProviderWire,
    response: ServerResponse,
    { asked, operation }: { asked: AskedSoFar; operation: string },
  ): KeptSoFar {
    const { provider } = wire;
    const call = this.#log.start({ provider, operation });
    const exchange = new Exchange(call, response, (end) => {
      this.#open.delete(exchange);
      const answer = kept.answer();
      if (answer !== undefined) Object.assign(call, readLiveAnswer(wire, answer));
      this.#log.end(call, end);
      this.exchanges.push({ provider, request: asked, response: answer, call });
      this.#condition.changed();
    });
    this.#open.add(exchange);
    const kept: KeptSoFar = { exchange, asked, answer: () => undefined };
    return kept;
  }

  #report(check: string, message: string): void {
    this.findings.push({ check, message });
  }
}
