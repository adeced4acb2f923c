import type { Registry } from 'prom-client';
import {
  CREDENTIAL_SOURCES,
  OUTCOMES,
  TOKEN_SOURCES,
  type UsageEvent,
} from '../accounting/usage-event.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { TOKEN_CLASSES, type TokenCounts } from '../catalogue/cost.ts';
import { createCounter, createHistogram } from './instruments.ts';

// Buckets of the OpenTelemetry GenAI conventions (read 2026-11-20):
// https://github.com/open-telemetry/semantic-conventions-genai
const TOKEN_BUCKETS = Array.from({ length: 14 }, (_, exponent) => 4 ** exponent);
const DURATION_BUCKETS = Array.from({ length: 14 }, (_, exponent) => 2 ** exponent / 100);
const FIRST_TOKEN_BUCKETS = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

// The convention has two types, and its totals include the special classes: a cached token is an
// input token, a reasoning token an output token.
const TOKEN_TYPES = {
  input: (tokens: TokenCounts) => tokens.input + tokens.cached_input + tokens.cache_write,
  output: (tokens: TokenCounts) => tokens.output + tokens.reasoning,
} as const;

function createUsageInstruments(registry: Registry) {
  const labelNames = ['provider', 'model'] as const;
  return {
    requests: createCounter(registry, {
      name: 'byom_provider_requests_total',
      help: 'Attempts to call a provider, by how they ended and whose key paid.',
      labelNames: ['provider', 'model', 'outcome', 'credential'],
    }),
    tokens: createCounter(registry, {
      name: 'byom_tokens_total',
      help: 'Billed tokens in mutually exclusive classes, by who counted them.',
      labelNames: ['provider', 'model', 'class', 'source'],
    }),
    cost: createCounter(registry, {
      name: 'byom_cost_pico_usd_total',
      help: 'Cost in pico-USD (1e-12 USD), by who counted the tokens.',
      labelNames: ['provider', 'model', 'source'],
    }),
    images: createCounter(registry, {
      name: 'byom_images_total',
      help: 'Images that providers made.',
      labelNames,
    }),
    tokenUsage: createHistogram(registry, {
      name: 'gen_ai_client_token_usage',
      help: 'Tokens of one attempt as its provider reported them.',
      labelNames: ['provider', 'model', 'token_type'],
      buckets: TOKEN_BUCKETS,
    }),
    duration: createHistogram(registry, {
      name: 'gen_ai_client_operation_duration_seconds',
      help: 'Duration of one attempt, from the call to the end of the answer.',
      labelNames,
      buckets: DURATION_BUCKETS,
    }),
    firstToken: createHistogram(registry, {
      name: 'gen_ai_server_time_to_first_token_seconds',
      help: 'Time from the call to the first delta with content, streams only.',
      labelNames,
      buckets: FIRST_TOKEN_BUCKETS,
    }),
  };
}

type UsageInstruments = ReturnType<typeof createUsageInstruments>;

/** A series that is absent and a series at 0 mean different things: all that can occur start at 0. */
function preinitialise(instruments: UsageInstruments, provider: string, model: string): void {
  const labels = { provider, model };
  for (const outcome of OUTCOMES) {
    for (const credential of CREDENTIAL_SOURCES) {
      instruments.requests.add({ ...labels, outcome, credential }, 0);
    }
  }
  for (const source of TOKEN_SOURCES) {
    for (const tokenClass of TOKEN_CLASSES) {
      instruments.tokens.add({ ...labels, class: tokenClass, source }, 0);
    }
    instruments.cost.add({ ...labels, source }, 0);
  }
  instruments.images.add(labels, 0);
  for (const tokenType of Object.keys(TOKEN_TYPES)) {
    instruments.tokenUsage.zero({ ...labels, token_type: tokenType });
  }
  instruments.duration.zero(labels);
  instruments.firstToken.zero(labels);
}

function countTokens(instruments: UsageInstruments, event: UsageEvent): void {
  const { provider, model, source, tokens } = event;
  if (source === 'none') return;
  for (const tokenClass of TOKEN_CLASSES) {
    instruments.tokens.add({ provider, model, class: tokenClass, source }, tokens[tokenClass]);
  }
  // A float64 holds every pico-USD exactly up to 9,007 USD per series and process.
  instruments.cost.add({ provider, model, source }, Number(event.costPicoUsd));
  if (source !== 'provider' || isBilledByImage(event)) return;
  for (const [tokenType, count] of Object.entries(TOKEN_TYPES)) {
    instruments.tokenUsage.observe({ provider, model, token_type: tokenType }, count(tokens));
  }
}

/** Such a provider reports no tokens, and an observed 0 would say that it does. */
function isBilledByImage({ images, tokens }: UsageEvent): boolean {
  return images > 0 && TOKEN_CLASSES.every((tokenClass) => tokens[tokenClass] === 0);
}

/** Registers the provider-side metrics; the function it returns moves them by one usage event. */
export function createUsageMetrics(
  registry: Registry,
  catalogue: Catalogue,
): (event: UsageEvent) => void {
  const instruments = createUsageInstruments(registry);
  for (const { provider, name } of catalogue.models) preinitialise(instruments, provider, name);
  for (const provider of new Set(catalogue.models.map((model) => model.provider))) {
    preinitialise(instruments, provider, 'other');
  }
  return (event) => {
    const { provider, model, outcome, credential } = event;
    instruments.requests.add({ provider, model, outcome, credential }, 1);
    instruments.images.add({ provider, model }, event.images);
    countTokens(instruments, event);
    instruments.duration.observe({ provider, model }, event.durationSeconds);
    if (event.timeToFirstTokenSeconds !== undefined) {
      instruments.firstToken.observe({ provider, model }, event.timeToFirstTokenSeconds);
    }
  };
}
