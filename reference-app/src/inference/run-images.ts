import { ApiError } from '../errors/api-error.ts';
import type { ImagesAnswer } from '../providers/provider.ts';
import { type AttemptEnd, endFailed, type Running } from './inference.ts';
import { judgeFailure } from './judge-failure.ts';
import { meterPlain } from './run-plain.ts';
import { toProviderCall } from './to-provider-call.ts';

/** One attempt at images, recorded before a byte of them can be sent. */
export async function runImages(running: Running): Promise<AttemptEnd> {
  const { inference, target, attempt, recordUsage } = running;
  const { createImages } = target.provider;
  if (createImages === undefined) throw refuse(target.provider.name);
  let answer: ImagesAnswer;
  try {
    answer = await createImages({ ...toProviderCall(running).call });
  } catch (error) {
    return endFailed(running, judgeFailure(error, inference.client.hasLeft));
  }
  meterPlain(attempt, answer);
  attempt.receivedImages(answer.images);
  await recordUsage(attempt.end('success'));
  return { kind: 'answered', answer };
}

function refuse(provider: string): ApiError {
  return new ApiError({
    status: 400,
    message: `Models of ${provider} make no images here.`,
    type: 'invalid_request_error',
    param: 'model',
    code: 'no_images',
  });
}
