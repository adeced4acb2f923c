import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { dealPieces, planCompletion } from './plan-completion.ts';

const request = { model: 'any', prompt: 'Hello.', outputTokensMax: undefined };

describe('plan of a completion', () => {
  test('has a content event for every output token, whatever was asked for', () => {
    const asked = fc.record({
      outputTokens: fc.integer({ min: 6, max: 200 }),
      choices: fc.integer({ min: 1, max: 8 }),
      calls: fc.array(fc.dictionary(fc.string(), fc.string()), { maxLength: 3 }),
      schema: fc.constantFrom(undefined, {}, { type: 'object', properties: { a: {} } }),
    });
    fc.assert(
      fc.property(asked, ({ outputTokens, choices, calls, schema }) => {
        const toolCalls = calls.map((args) => ({ name: 'look_up', arguments: args }));
        const script = { kind: 'generated', inputTokens: 1, outputTokens, toolCalls } as const;
        const plan = planCompletion({ ...request, choices, schema }, script);
        const pieces = [
          ...[...dealPieces(plan)].map(({ text }) => text),
          ...plan.toolCalls.flatMap((call) => call.pieces),
        ];
        expect(pieces).toHaveLength(outputTokens);
        expect(pieces).not.toContain('');
        expect(plan.choices).toHaveLength(choices);
        expect(plan.toolCalls.map((call) => JSON.parse(call.pieces.join('')))).toEqual(calls);
      }),
    );
  });
});
