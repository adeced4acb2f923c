import { describe, expect, test } from 'vitest';
import { ApiError } from '../errors/api-error.ts';
import {
  ProviderAnswerError,
  ProviderCutError,
  ProviderUnreachableError,
} from '../providers/provider-error.ts';
import { judgeFailure } from './judge-failure.ts';

const refusal = (status: number) =>
  new ProviderAnswerError(status, { message: 'No.', type: 't' }, { afterMs: 6_500 });

const unsayable = new ApiError({ status: 400, message: 'No.', type: 't' });

describe('a failed attempt', () => {
  test.for([
    ['that the provider refused', refusal(429), false, 'error', true, 429],
    ['that the provider refused before the client left', refusal(500), true, 'error', true, 500],
    ['that no words were found for', unsayable, false, 'error', false, 400],
    ['refused inside a 200 answer', refusal(200), false, 'error', true, 502],
    ['that broke off', new ProviderCutError('Cut.'), false, 'cut', true, 502],
    [
      'that broke off because the client left',
      new ProviderCutError('Cut.'),
      true,
      'client_abort',
      true,
      499,
    ],
    ['that was not sent', new ProviderUnreachableError('No.'), false, 'error', true, 502],
    [
      'not sent because the client left',
      new ProviderUnreachableError('No.'),
      true,
      'client_abort',
      false,
      499,
    ],
  ] as const)('%s', ([, error, clientHasLeft, outcome, isAttempt, status]) => {
    const failure = judgeFailure(error, clientHasLeft);
    expect([failure.outcome, failure.isAttempt, failure.answer.status]).toEqual([
      outcome,
      isAttempt,
      status,
    ]);
  });

  test('passes on the retry hint and the status of the provider', () => {
    const failure = judgeFailure(refusal(429), false);
    expect([failure.answer.retryAfter, failure.providerStatus]).toEqual(['7', 429]);
  });
});
