import type { Provider } from '#harness/cassettes/provider.ts';
import type { ServiceRequest } from '#harness/traffic/scenario.ts';

/** Where a call goes. */
export interface Target {
  provider: Provider;
  model: string;
  path: '/chat/completions' | '/messages';
}

/** Every provider behind both endpoints. */
export const TARGETS: readonly Target[] = (
  [
    { provider: 'openai', model: 'gpt-5.4-nano' },
    { provider: 'google', model: 'gemini-2.5-flash-lite' },
    { provider: 'anthropic', model: 'claude-haiku-4-5' },
    { provider: 'azure', model: 'azure/gpt-4o-mini' },
  ] as const
).flatMap((asked) => [
  { ...asked, path: '/chat/completions' },
  { ...asked, path: '/messages' },
]);

/** A request that one mark tells from all others; see callMark(). */
export function askFor(
  { model, path }: Target,
  { mark, stream }: { mark: string; stream: boolean },
): ServiceRequest {
  const messages = [{ role: 'user', content: `Name three witnesses (${mark})` }];
  const body = { model, max_tokens: 64, messages };
  return { method: 'POST', path, body: stream ? { ...body, stream } : body };
}
