import type { ProviderRequest } from '../wire.ts';

/** How an answer is framed and spelt, by the query. */
export interface AnswerForm {
  /** sse: events; array: one JSON array, written as it grows; object: one JSON object. */
  readonly framing: 'sse' | 'array' | 'object';
  /** `$alt=json;enum-encoding=int` asks for numbers. */
  readonly enums: 'names' | 'numbers';
}

export function readForm({ query, isStream }: ProviderRequest): AnswerForm {
  const parameters = new URLSearchParams(query);
  const alt = parameters.get('alt') ?? parameters.get('$alt') ?? '';
  const framing = isStream ? 'array' : 'object';
  return {
    framing: isStream && alt.startsWith('sse') ? 'sse' : framing,
    enums: alt.includes('enum-encoding=int') ? 'numbers' : 'names',
  };
}

const ENUM_NUMBERS = { STOP: 1, MAX_TOKENS: 2, TEXT: 1 } as const;

export function writeEnum(
  name: keyof typeof ENUM_NUMBERS,
  enums: AnswerForm['enums'],
): string | number {
  return enums === 'numbers' ? ENUM_NUMBERS[name] : name;
}
