import type { ProviderCall } from '#harness/simulator/ledger.ts';
import type { WireAnswer } from '#harness/simulator/providers/read-answer.ts';
import { cutAnswer, readPayloads } from '#harness/simulator/providers/read-answer.ts';
import type { ProviderWire } from '#harness/simulator/providers/wire.ts';

/** The part of a ledger's entry that an answer tells. */
type Told = Pick<
  ProviderCall,
  'modelServed' | 'usage' | 'usageIsFinal' | 'images' | 'contentEvents' | 'flaw'
>;

/** What the provider's own wire module reads in an answer, so far as it came. */
export function readLiveAnswer(wire: ProviderWire, answer: WireAnswer): Told {
  const { form, events } = cutAnswer(answer);
  const payloads = readPayloads(wire, events);
  const isStream = form !== 'whole';
  const reported = payloads.findLast(({ usage }) => usage !== undefined);
  const hasError = payloads.some(({ error }) => error !== undefined);
  const isUnfinished = isStream && !payloads.some(({ isEnd }) => isEnd);
  return {
    modelServed: payloads.find(({ model }) => model !== undefined)?.model,
    usage: reported?.usage,
    usageIsFinal: reported !== undefined && (!isStream || reported.isUsageFinal),
    images: payloads.reduce((sum, { images }) => sum + images, 0),
    contentEvents: isStream ? payloads.filter(({ isContent }) => isContent).length : 0,
    flaw: answer.status === 200 ? flawOf(isStream && hasError, isUnfinished) : undefined,
  };
}

function flawOf(hasError: boolean, isUnfinished: boolean): ProviderCall['flaw'] {
  if (hasError) return 'error';
  return isUnfinished ? 'unfinished' : undefined;
}
