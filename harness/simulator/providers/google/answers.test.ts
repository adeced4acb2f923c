import { describe, expect, test } from 'vitest';

import { startSimulator } from '../../simulator.ts';

const KEY = 'AIza-answers-0123456789';
const headers = { 'x-goog-api-key': KEY };
const contents = [{ role: 'user', parts: [{ text: 'Hello.' }] }];
const PLAIN = '/v1beta/models/gemini-3.5-flash:generateContent';

async function start(options?: Parameters<typeof startSimulator>[0]) {
  const simulator = await startSimulator(options);
  simulator.acceptKey('google', KEY);
  const call = async (path: string, body?: object) => {
    const init = body && { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${simulator.providerUrl('google')}${path}`, { ...init, headers });
    return { status: response.status, text: await response.text() };
  };
  return { simulator, call, [Symbol.asyncDispose]: () => simulator.stop() };
}

describe('google: plain answers', () => {
  test('are a whole response, with usage in the wire own meaning', async () => {
    await using started = await start();
    const { simulator, call } = started;
    simulator.script(KEY, {
      answer: {
        kind: 'generated',
        inputTokens: 5,
        cachedInputTokens: 7,
        outputTokens: 3,
        reasoningTokens: 11,
        modelServed: 'gemini-3.5-flash-lite',
      },
    });
    const { text } = await call(PLAIN, { contents });
    expect(text).toMatch(/^\{\n {2}"candidates": \[\n[\s\S]*\}\n$/);
    expect(JSON.parse(text)).toEqual({
      candidates: [
        {
          content: { parts: [{ text: 'Tally counts what' }], role: 'model' },
          finishReason: 'STOP',
          index: 0,
        },
      ],
      usageMetadata: {
        promptTokenCount: 12,
        candidatesTokenCount: 3,
        totalTokenCount: 26,
        cachedContentTokenCount: 7,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: 12 }],
        cacheTokensDetails: [{ modality: 'TEXT', tokenCount: 7 }],
        thoughtsTokenCount: 11,
        serviceTier: 'standard',
      },
      modelVersion: 'gemini-3.5-flash-lite',
      responseId: expect.stringMatching(/^[0-9a-f]{23}$/),
    });
    expect(simulator.ledger.calls).toMatchObject([
      {
        operation: 'generateContent',
        modelRequested: 'gemini-3.5-flash',
        modelServed: 'gemini-3.5-flash-lite',
        isStream: false,
        answeredBy: 'script',
        usage: { input: 5, cachedInput: 7, cacheWrite: 0, output: 3, reasoning: 11 },
        contentEvents: 0,
      },
    ]);
  });

  test('count what is written to a cache as input, for which there is no class', async () => {
    await using started = await start();
    const answer = { kind: 'generated', inputTokens: 5, outputTokens: 3 } as const;
    started.simulator.script(KEY, { answer: { ...answer, cacheWriteTokens: 9 } });
    const { text } = await started.call(PLAIN, { contents });
    expect(JSON.parse(text)).toMatchObject({ usageMetadata: { promptTokenCount: 14 } });
    expect(started.simulator.ledger.calls[0]?.usage).toMatchObject({ input: 14, cacheWrite: 0 });
  });

  test('follow from the request when nothing is scripted, and stop by its limit', async () => {
    await using started = await start({ generate: true });
    const [first, second] = [
      await started.call(PLAIN, { contents }),
      await started.call(PLAIN, { contents }),
    ];
    const { responseId, ...said } = JSON.parse(first.text);
    expect(JSON.parse(second.text)).toMatchObject(said);
    expect(second.text).not.toContain(responseId);
    const generationConfig = { maxOutputTokens: 2 };
    const short = await started.call(PLAIN, { contents, generationConfig });
    expect(JSON.parse(short.text)).toMatchObject({
      candidates: [{ finishReason: 'MAX_TOKENS' }],
      usageMetadata: { candidatesTokenCount: 2 },
    });
  });

  test('list the models of the account, and show one', async () => {
    await using started = await start();
    const list = JSON.parse((await started.call('/v1beta/models?pageSize=50')).text);
    expect(list.models.map(({ name }: { name: string }) => name)).toContain(
      'models/gemini-3.5-flash',
    );
    const shown = await started.call('/v1beta/models/gemini-3.5-flash');
    expect(JSON.parse(shown.text)).toMatchObject({
      name: 'models/gemini-3.5-flash',
      supportedGenerationMethods: expect.arrayContaining(['generateContent']),
    });
    expect(await started.call('/v1beta/models/gemini-0')).toMatchObject({ status: 404 });
    expect(started.simulator.ledger.calls.map(({ operation }) => operation)).toEqual([
      'models.list',
      'models.get',
      'models.get',
    ]);
  });
});
