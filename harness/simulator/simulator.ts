import type { Cassette } from '#harness/cassettes/cassette.ts';
import type { CassetteUse } from '#harness/cassettes/cassette-use.ts';
import type { Provider } from '#harness/cassettes/provider.ts';
import type { Finding } from '#harness/findings/finding.ts';
import { HttpSimulator } from './http-simulator.ts';
import type { ProviderSide } from './provider-side.ts';
import type { ProviderScript } from './script.ts';

export interface SimulatorOptions {
  /** See loadCassettes(); none when left out. */
  cassettes?: readonly Cassette[];
  /** true: requests that no script and no cassette answers get a generated answer. */
  generate?: boolean;
  /** false: recorded streams are replayed without their pauses; their chunks are kept. */
  keepsTime?: boolean;
  /** A fixed port; a free one is chosen when left out. */
  port?: number;
  /** Where the port is, for providers and control API; loopback when left out. */
  host?: string | undefined;
}

/** A server on loopback that speaks the providers' wire protocols and keeps a ledger. */
export interface Simulator extends ProviderSide {
  /** e.g. "http://127.0.0.1:40123". */
  readonly url: string;
  /** Unmatched requests and broken recordings so far. A test with any of them has failed. */
  readonly findings: readonly Finding[];
  /**
   * Refuses connections to the provider until openPort(). A key comes only after the connection,
   * so no script can refuse one; and what never arrived is not in the ledger.
   */
  closePort(provider: Provider): void;
  /** @throws HarnessError H_SIMULATOR_PORT when somebody else has taken the port meanwhile */
  openPort(provider: Provider): Promise<void>;
  /** Queues scripts for the next calls with this key, first in, first out. */
  script(key: string, ...scripts: readonly ProviderScript[]): void;
  /**
   * Says that calls with this key should be those of a cassette (`<provider>/<case>`): one that no
   * recording answers is then shown as what became of that one.
   */
  expectCassette(key: string, cassetteId: string): void;
  /** How many calls with this key stand at their barrier now. */
  held(key: string): number;
  /** @throws HarnessError H_SIMULATOR_NOT_HELD after `timeoutMs` (5 s when left out) */
  untilHeld(key: string, count: number, options?: WaitOptions): Promise<void>;
  /** Lets the calls that stand now go on; returns how many those were. */
  release(key: string): number;
  /** Waits until no call is open. @throws HarnessError H_SIMULATOR_NOT_QUIET */
  untilQuiet(options?: WaitOptions): Promise<void>;
  /** Scripts that no call has asked for. */
  unusedScripts(): Finding[];
  /** What became of each cassette so far. */
  cassetteUses(): CassetteUse[];
  /** Recorded interactions that no call has asked for. */
  unusedCassettes(): Finding[];
  /** Cuts open calls and closes the server. Safe to call twice. */
  stop(): Promise<void>;
}

export interface WaitOptions {
  timeoutMs?: number;
}

/** @throws HarnessError H_SIMULATOR_PORT when it cannot listen */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = new HttpSimulator(options);
  await simulator.listen(options.port ?? 0);
  return simulator;
}
