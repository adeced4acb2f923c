import type { ProviderCall, ProviderLedger } from './ledger.ts';

/** A call while the simulator still writes to it. */
export type OpenCall = { -readonly [Key in keyof ProviderCall]: ProviderCall[Key] };

/** Writes the ledger. A call is in it from the moment its request line was read. */
export class CallLog implements ProviderLedger {
  readonly calls: OpenCall[] = [];
  open = 0;

  start({ provider, operation }: Pick<ProviderCall, 'provider' | 'operation'>): OpenCall {
    const call: OpenCall = {
      id: this.calls.length + 1,
      provider,
      operation,
      modelRequested: undefined,
      modelServed: undefined,
      keyFingerprint: undefined,
      mark: undefined,
      isStream: false,
      status: undefined,
      end: undefined,
      flaw: undefined,
      usage: undefined,
      usageIsFinal: false,
      images: 0,
      contentEvents: 0,
      answeredBy: undefined,
      startedAtMs: performance.now(),
      endedAtMs: undefined,
    };
    this.calls.push(call);
    this.open += 1;
    return call;
  }

  end(call: OpenCall, end: ProviderCall['end']): void {
    call.end = end;
    call.endedAtMs = performance.now();
    this.open -= 1;
  }
}
