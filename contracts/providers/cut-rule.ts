import { attempted, billed, callEnded } from '#contracts/inference/movements.ts';
import { costOf, tokenClasses } from '#contracts/prices.ts';
import type { ExpectedMovement } from '#harness/index.ts';
import type { ProviderCall } from '#harness/simulator/ledger.ts';
import type { ProviderCase, UsageRow } from './case.ts';

const CHARACTERS_PER_TOKEN = 4;
const NO_USAGE = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 };

/**
 * What must come of a stream that broke off, by what its provider had sent until then: an error
 * inside it costs nothing, a last word on usage is billed, and what is left is estimated from the
 * prompt, or from the usage so far, and from the events with content.
 */
export function promisedCut(
  found: ProviderCase,
  call: ProviderCall,
): { row: UsageRow; movement: ExpectedMovement } {
  const { provider, scenario, rows } = found;
  const [whole] = rows;
  const model = whole?.['model'] ?? '';
  const endpoint = provider === 'anthropic' ? 'messages' : 'chat/completions';
  const outcome = call.flaw === 'error' ? 'error' : 'cut';
  const source = call.usageIsFinal ? 'provider' : 'estimate';
  const usage = outcome === 'error' ? NO_USAGE : usageOf(call, scenario.request.body);
  const costPicoUsd = Number(outcome === 'error' ? 0n : costOf({ ...call, usage }));
  const tokens = Object.fromEntries(tokenClasses().map(([field, name]) => [name, usage[field]]));
  return {
    row: {
      ...whole,
      ...Object.fromEntries(Object.entries(tokens).map(([name, n]) => [name, String(n)])),
      model_served: call.modelServed ?? null,
      outcome,
      source: outcome === 'error' ? 'none' : source,
      cost_pico_usd: String(costPicoUsd),
    },
    movement: {
      ...callEnded(endpoint, { status: 200, outcome: 'error' }),
      ...attempted({ provider, model }, { outcome, hasContent: call.contentEvents > 0 }),
      ...(outcome === 'cut' && billed({ provider, model }, { source, tokens, costPicoUsd })),
    },
  };
}

function usageOf({ usage, usageIsFinal, contentEvents }: ProviderCall, body: unknown) {
  if (usage !== undefined && usageIsFinal) return usage;
  const soFar = usage ?? { ...NO_USAGE, input: estimatePrompt(body) };
  return { ...soFar, output: Math.max(soFar.output, contentEvents - soFar.reasoning) };
}

function estimatePrompt(body: unknown): number {
  const { messages } = body as { messages: readonly { content: string }[] };
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
