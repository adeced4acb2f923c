import type { Attempt } from '../accounting/attempt.ts';
import type { PlainAnswer } from '../providers/provider.ts';
import { type AttemptEnd, endFailed, type Running } from './inference.ts';
import { judgeFailure } from './judge-failure.ts';
import { toProviderCall } from './to-provider-call.ts';

/** One attempt at an answer of one JSON body, recorded before a byte of it can be sent. */
export async function runPlain(running: Running): Promise<AttemptEnd> {
  const { inference, target, attempt, recordUsage } = running;
  const { call, translation } = toProviderCall(running);
  let answer: PlainAnswer;
  try {
    answer = await target.provider.complete(call);
  } catch (error) {
    return endFailed(running, judgeFailure(error, inference.client.hasLeft));
  }
  meterPlain(attempt, answer);
  await recordUsage(attempt.end('success'));
  if (translation === undefined) return { kind: 'answered', answer };
  const body = translation.answer(answer.body);
  return { kind: 'answered', answer: { body, text: JSON.stringify(body) } };
}

export function meterPlain(attempt: Attempt, answer: PlainAnswer): void {
  attempt.answeredWith(answer.status);
  if (answer.modelServed !== undefined) attempt.servedBy(answer.modelServed);
  attempt.receivedText(answer.contentCharacters);
  if (answer.usage !== undefined) attempt.reportedUsage({ tokens: answer.usage, isFinal: true });
}
