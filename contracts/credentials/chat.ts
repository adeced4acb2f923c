import { attempted, billed, callEnded, fellBack } from '#contracts/inference/movements.ts';
import { routeEnded } from '#contracts/movements.ts';
import type { RunningService } from '#contracts/testing/running-service.ts';
import type { Answer, CallOptions, ServiceUser } from '#contracts/testing/service-user.ts';
import type { ExpectedMovement, ProviderScript } from '#harness/index.ts';
import { keyFingerprint } from '#harness/simulator/key-fingerprint.ts';

const NANO = { provider: 'openai', model: 'gpt-5.4-nano' } as const;
const messages = [{ role: 'user', content: 'Name three witnesses' }];

/** One plain answer of 9 input and 7 output tokens. */
export const ANSWER: ProviderScript = {
  answer: { kind: 'generated', inputTokens: 9, outputTokens: 7 },
};

export function askChat(
  user: ServiceUser,
  { body = { model: NANO.model }, ...options }: CallOptions & { body?: object } = {},
): Promise<Answer> {
  return user.call('POST', '/chat/completions', { messages, ...body }, options);
}

/** The call uses one of the user's credentials by its id. */
export function withCredential(id: string): CallOptions {
  return { headers: { 'x-byom-credential-id': id } };
}

/** What the attempt moves that brought ANSWER, wherever it was asked for. */
export function answered(credential: 'user' | 'system'): ExpectedMovement {
  return {
    ...(credential === 'system' && fellBack({ reason: 'no_credential' })),
    ...attempted(NANO, { outcome: 'success', credential }),
    ...billed(NANO, {
      source: 'provider',
      tokens: { input: 9, output: 7 },
      // 9 × 200,000 + 7 × 1,250,000
      costPicoUsd: 10_550_000,
    }),
  };
}

/** What one chat call moves that was answered with ANSWER. */
export function chatAnswered(credential: 'user' | 'system'): ExpectedMovement {
  return {
    ...callEnded('chat/completions', { status: 200, outcome: 'success' }),
    ...answered(credential),
  };
}

/** What one chat call moves that was refused before any provider was asked. */
export function chatRefused(status: number): ExpectedMovement {
  return routeEnded('POST /chat/completions', status);
}

/** How many calls the provider got with this key. */
export function providerCallsWith({ simulator }: RunningService, apiKey: string): number {
  const fingerprint = keyFingerprint(apiKey);
  return simulator.ledger.calls.filter((call) => call.keyFingerprint === fingerprint).length;
}
