import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import type { CassetteUse } from '#harness/cassettes/cassette-use.ts';
import { PROVIDERS, type Provider } from '#harness/cassettes/provider.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { Barrier } from './barrier.ts';
import { CallLog } from './call-log.ts';
import { Condition } from './condition.ts';
import { ControlApi } from './control-api.ts';
import type { ProviderLedger } from './ledger.ts';
import { Listener } from './listener.ts';
import { ProviderServer } from './provider-server.ts';
import { wireOf } from './providers/wires.ts';
import { ReplayShelf } from './replay-shelf.ts';
import { type ProviderScript, parseScript } from './script.ts';
import { ScriptQueue } from './script-queue.ts';
import type { Simulator, SimulatorOptions, WaitOptions } from './simulator.ts';
import { untilQuiet, WAIT_MS } from './until-quiet.ts';

const FINDINGS_MAX = 1_000;

/** The one implementation of Simulator; see there. */
export class HttpSimulator implements Simulator {
  readonly findings: Finding[];
  readonly #serve: RequestListener = (request, response) => this.#route(request, response);
  /** Speaks for every provider, and for the control API. */
  readonly #main: Listener;
  readonly #ports: Readonly<Record<Provider, Listener>>;
  readonly #condition = new Condition();
  readonly #barrier = new Barrier(this.#condition);
  readonly #scripts = new ScriptQueue();
  readonly #log = new CallLog();
  readonly #keys = new Map<string, Set<string>>();
  readonly #shelf: ReplayShelf;
  readonly #providers: ProviderServer;
  readonly #control = new ControlApi(this);
  readonly #failures: unknown[] = [];
  #isStopped = false;

  constructor({ cassettes = [], generate = false, keepsTime = true, host }: SimulatorOptions) {
    this.#main = new Listener(this.#serve, host);
    this.#ports = {
      openai: new Listener(this.#serve, host),
      google: new Listener(this.#serve, host),
      anthropic: new Listener(this.#serve, host),
      azure: new Listener(this.#serve, host),
    };
    this.#shelf = new ReplayShelf(cassettes, wireOf);
    this.findings = [...this.#shelf.findings];
    this.#providers = new ProviderServer({
      sources: {
        scripts: this.#scripts,
        shelf: this.#shelf,
        generates: generate,
        isAccepted: (provider, key) => this.#keys.get(provider)?.has(key) ?? false,
      },
      log: this.#log,
      barrier: this.#barrier,
      condition: this.#condition,
      keepsTime,
      report: (finding) => this.#report(finding),
    });
  }

  get ledger(): ProviderLedger {
    return this.#log;
  }

  get url(): string {
    return this.#main.url;
  }

  async listen(port: number): Promise<void> {
    await this.#main.open(port);
    await Promise.all(Object.values(this.#ports).map((one) => one.open()));
  }

  providerUrl(provider: Provider): string {
    return `${this.#ports[provider].url}/${provider}${wireOf(provider).basePath}`;
  }

  closePort(provider: Provider): void {
    this.#ports[provider].close();
  }

  openPort(provider: Provider): Promise<void> {
    return this.#ports[provider].open();
  }

  acceptKey(provider: Provider, key: string): void {
    this.#keys.set(provider, (this.#keys.get(provider) ?? new Set()).add(key));
  }

  script(key: string, ...scripts: readonly ProviderScript[]): void {
    const parsed = scripts.map(parseScript);
    for (const { answer } of parsed) {
      if (answer.kind === 'cassette') this.#shelf.firstResponse(answer.id);
    }
    this.#scripts.add(key, parsed);
  }

  held(key: string): number {
    return this.#barrier.held(key);
  }

  untilHeld(key: string, count: number, { timeoutMs = WAIT_MS }: WaitOptions = {}): Promise<void> {
    return this.#barrier.untilHeld(key, count, timeoutMs);
  }

  release(key: string): number {
    return this.#barrier.release(key);
  }

  async untilQuiet({ timeoutMs }: WaitOptions = {}): Promise<void> {
    await untilQuiet(this.#log, this.#condition, timeoutMs);
    this.#throwFailure();
  }

  unusedScripts(): Finding[] {
    const accepted = (key: string) => [...this.#keys.values()].some((keys) => keys.has(key));
    return this.#scripts.unused(accepted);
  }

  expectCassette(key: string, cassetteId: string): void {
    this.#shelf.expect(key, cassetteId);
  }

  cassetteUses(): CassetteUse[] {
    return this.#shelf.uses();
  }

  unusedCassettes(): Finding[] {
    return this.#shelf.unused();
  }

  async stop(): Promise<void> {
    if (this.#isStopped) {
      return;
    }
    this.#isStopped = true;
    this.#providers.cutAll();
    await Promise.all([this.#main, ...Object.values(this.#ports)].map((one) => one.stop()));
    this.#throwFailure();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #route(request: IncomingMessage, response: ServerResponse): void {
    const [, first = '', rest] = request.url?.match(/^\/([^/?]*)(.*)$/) ?? [];
    const provider = PROVIDERS.find((name) => name === first);
    const target = rest || '/';
    if (provider !== undefined) {
      const served = this.#providers.serve(wireOf(provider), target, { request, response });
      served.catch((cause) => this.#fail(cause, response));
    } else if (first === '_tally') {
      this.#control
        .serve(target, { request, response })
        .catch((cause) => this.#fail(cause, response));
    } else {
      this.#answerUnknownPath(request, response);
    }
  }

  /** A base URL without its provider, mostly: nobody speaks there. */
  #answerUnknownPath(request: IncomingMessage, response: ServerResponse): void {
    const what = `The simulator was asked ${request.method} ${request.url?.split('?')[0]}, where it speaks no provider's protocol.`;
    const fix = `Give the service providerUrl() as its base URL, e.g. ${this.providerUrl('openai')}.`;
    this.#report({ check: 'simulator/unknown_path', message: what, fix });
    response.writeHead(404, ['content-type', 'text/plain', 'x-should-retry', 'false']);
    response.end(`${what}\nfix: ${fix}\n`);
  }

  #report(finding: Finding): void {
    if (this.findings.length < FINDINGS_MAX) {
      this.findings.push(finding);
    }
  }

  #fail(cause: unknown, response: ServerResponse): void {
    this.#failures.push(cause);
    response.destroy();
    this.#condition.changed();
  }

  #throwFailure(): void {
    const [cause] = this.#failures;
    if (cause !== undefined) {
      const what = `The simulator failed while it served a call: ${String(cause)}.`;
      const fix = 'This is a defect of Tally: report it with the stack below.';
      throw new HarnessError(what, { code: 'H_SIMULATOR_FAILED', fix, cause });
    }
  }
}
