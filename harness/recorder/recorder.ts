import type { Provider } from '#harness/cassettes/provider.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { ProviderSide } from '#harness/simulator/provider-side.ts';
import { HttpRecorder } from './http-recorder.ts';
import type { RecordedExchange } from './recorded-exchange.ts';

/** A live provider. */
export interface Upstream {
  /** As SDKs take it, e.g. "https://api.openai.com/v1". */
  readonly baseUrl: string;
  /** Sent in the place of every accepted key, so that the service never holds it. */
  readonly key: string;
}

export type Upstreams = Readonly<Partial<Record<Provider, Upstream>>>;

/**
 * A proxy on loopback between a service and the live providers. It hands every byte on at once and
 * keeps a copy, with chunk boundaries and times; and a ledger, as the simulator does.
 */
export interface Recorder extends ProviderSide {
  /** Calls that have ended, in that order. */
  readonly exchanges: readonly RecordedExchange[];
  /** Calls of providers that are not there. */
  readonly findings: readonly Finding[];
  /** Waits until no call is open. @throws HarnessError H_SIMULATOR_NOT_QUIET */
  untilQuiet(options?: { timeoutMs?: number }): Promise<void>;
}

/** @throws HarnessError H_SIMULATOR_PORT when it cannot listen */
export async function startRecorder(upstreams: Upstreams): Promise<Recorder> {
  const recorder = new HttpRecorder(upstreams);
  await recorder.listen();
  return recorder;
}
