import type { OpenCall } from '#harness/simulator/call-log.ts';
import { cutAnswer, readPayloads } from '#harness/simulator/providers/read-answer.ts';
import type { ProviderWire } from '#harness/simulator/providers/wire.ts';
import type { LiveResponse } from './recorded-exchange.ts';

/** Writes into the ledger what the provider's own wire module reads in the bytes handed over. */
export function readInto(call: OpenCall, wire: ProviderWire, answer: LiveResponse): void {
  const { form, events } = cutAnswer(answer);
  const payloads = readPayloads(wire, events);
  const reported = payloads.findLast(({ usage }) => usage !== undefined);
  call.modelServed = payloads.find(({ model }) => model !== undefined)?.model;
  call.usage = reported?.usage;
  call.usageIsFinal =
    reported?.isUsageFinal === true || (reported !== undefined && form === 'whole');
  call.images = payloads.reduce((sum, { images }) => sum + images, 0);
  call.contentEvents = form === 'whole' ? 0 : payloads.filter(({ isContent }) => isContent).length;
  if (answer.status !== 200 || form === 'whole') return;
  if (payloads.some(({ error }) => error !== undefined)) call.flaw = 'error';
  else if (!payloads.some(({ isEnd }) => isEnd)) call.flaw = 'unfinished';
}
