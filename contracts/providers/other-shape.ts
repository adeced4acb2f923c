import type { ExpectedMovement, Scenario } from '#harness/index.ts';
import type { ProviderCase, Told } from './case.ts';

const STOP_REASONS: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
};
const FINISH_REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  max_tokens: 'length',
  tool_use: 'tool_calls',
};

/** Anthropic's error for each status; an error inside a stream has none of its own. */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  200: 'api_error',
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  503: 'api_error',
};

/**
 * The same answer of the provider to a client that asks at the endpoint of the other shape. What
 * that client is told, and nothing else, is in other words.
 */
export function inOtherShape({ scenario, rows, ...found }: ProviderCase): ProviderCase {
  const isAtMessages = scenario.request.path === '/messages';
  const [from, to] = isAtMessages
    ? (['messages', 'chat/completions'] as const)
    : (['chat/completions', 'messages'] as const);
  const { error, ...expect } = scenario.expect;
  const otherError = error === undefined || isAtMessages ? error : ERROR_TYPES[expect.status];
  return {
    ...found,
    told: isAtMessages ? toldByChat(found.told) : toldByMessages(found.told, otherError),
    rows: rows.map((row) => ({ ...row, endpoint: to })),
    scenario: {
      ...scenario,
      request: askAt(`/${to}`, scenario.request),
      expect: { ...expect, ...(otherError !== undefined && { error: otherError }) },
      movement: renamed(scenario.movement, from, to),
    },
  };
}

function askAt(path: string, { method, body }: Scenario['request']): Scenario['request'] {
  const { model, stream } = body ?? {};
  const messages = [{ role: 'user', content: 'Say it again.' }];
  return {
    method,
    path,
    body: { model, messages, max_tokens: 64, ...(stream === true && { stream }) },
  };
}

function toldByChat({ finish, ...told }: Told): Told {
  return { ...told, ...(finish !== undefined && { finish: FINISH_REASONS[finish] ?? finish }) };
}

/** It has no place for Google's signature of a call. */
function toldByMessages({ finish, toolCalls, ...told }: Told, error: string | undefined): Told {
  return {
    ...told,
    ...(error !== undefined && { error }),
    ...(finish !== undefined && { finish: STOP_REASONS[finish] ?? finish }),
    ...(toolCalls && { toolCalls: toolCalls.map(({ signature, ...call }) => call) }),
  };
}

function renamed(movement: ExpectedMovement, from: string, to: string): ExpectedMovement {
  const entries = Object.entries(movement);
  return Object.fromEntries(entries.map(([series, change]) => [series.replace(from, to), change]));
}
