import type { PlainAnswer } from '../providers/provider.ts';
import { endFailed, type Inference, type InferenceEnd } from './inference.ts';
import { type Failure, judgeFailure } from './judge-failure.ts';

/** Answers with one JSON body. The attempt is recorded before a byte of it is sent. */
export async function runPlain(inference: Inference): Promise<InferenceEnd> {
  const { attempt, recordUsage, reply } = inference;
  const answer = await complete(inference);
  if ('outcome' in answer) return endFailed(inference, answer);
  attempt.answeredWith(answer.status);
  if (answer.modelServed !== undefined) attempt.servedBy(answer.modelServed);
  if (answer.usage !== undefined) attempt.reportedUsage(answer.usage);
  await recordUsage(attempt.end('success'));
  reply.type('application/json; charset=utf-8').send(answer.text);
  return { outcome: 'success' };
}

async function complete({
  chat,
  provider,
  credential: { apiKey, settings },
  client,
}: Inference): Promise<PlainAnswer | Failure> {
  try {
    return await provider.complete({ body: chat.body, apiKey, settings, signal: client.signal });
  } catch (error) {
    return judgeFailure(error, client.hasLeft);
  }
}
