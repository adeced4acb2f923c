import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { GeneratedAnswer } from '../script.ts';
import { startSimulator } from '../simulator.ts';
import { collect } from '../testing/collect.ts';

const KEY = 'key-asked-for-0123456789';
const answer: GeneratedAnswer = { kind: 'generated', inputTokens: 5, outputTokens: 6 };
const toolCalls = [
  { name: 'look_up', arguments: { place: 'Bern' } },
  { name: 'stop', arguments: {} },
];
const schema = {
  type: 'object',
  properties: { place: { type: 'string' }, count: { type: 'integer' } },
  required: ['place', 'count'],
  additionalProperties: false,
};
const ACCEPTED = { place: 'text', count: 0 };

async function start(provider: 'openai' | 'google' | 'anthropic', ...answers: GeneratedAnswer[]) {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.stop());
  simulator.acceptKey(provider, KEY);
  simulator.script(KEY, ...answers.map((one) => ({ answer: one })));
  const baseUrl = simulator.providerUrl(provider);
  return { baseUrl, calls: simulator.ledger.calls };
}

const messages = [{ role: 'user' as const, content: 'Where?' }];
const usage = { input: 5, output: 6 };

describe('openai: an answer', () => {
  const model = 'gpt-5.4-nano';
  async function startOpenai(...answers: GeneratedAnswer[]) {
    const { baseUrl, calls } = await start('openai', ...answers);
    return { chat: new OpenAI({ apiKey: KEY, baseURL: baseUrl }).chat.completions, calls };
  }

  test('calls the tools that the script names, plain and in a stream', async () => {
    const { chat, calls } = await startOpenai({ ...answer, toolCalls }, { ...answer, toolCalls });
    const plain = await chat.create({ model, messages });
    const streamed = await chat.stream({ model, messages }).finalChatCompletion();
    for (const { choices } of [plain, streamed]) {
      expect(choices).toMatchObject([{ finish_reason: 'tool_calls' }]);
      const called = choices[0]?.message.tool_calls?.map((call) =>
        call.type === 'function'
          ? { name: call.function.name, arguments: JSON.parse(call.function.arguments) }
          : call,
      );
      expect(called).toEqual(toolCalls);
      expect(choices[0]?.message.content).toBe('Tally counts');
    }
    expect(calls).toMatchObject([{ usage }, { contentEvents: 6 }]);
  });

  test('has null for its text when there is none before the calls', async () => {
    const called = { ...answer, outputTokens: 4, toolCalls };
    const { chat } = await startOpenai(called, called);
    const plain = await chat.create({ model, messages });
    expect(plain).toMatchObject({ choices: [{ message: { content: null } }] });
    const [opening] = await collect(await chat.create({ model, messages, stream: true }));
    expect(opening).toMatchObject({ choices: [{ delta: { content: null } }] });
  });

  test('has as many choices as were asked for, which share its tokens', async () => {
    const { chat, calls } = await startOpenai(answer, answer);
    const plain = await chat.create({ model, messages, n: 4 });
    expect(plain.choices.map(({ message }) => message.content)).toEqual([
      'Tally counts',
      'Tally counts',
      'Tally',
      'Tally',
    ]);
    const streamed = await chat.stream({ model, messages, n: 4 }).finalChatCompletion();
    expect(streamed.choices.map(({ message }) => message.content)).toEqual(
      plain.choices.map(({ message }) => message.content),
    );
    expect(calls).toMatchObject([{ usage }, { contentEvents: 6 }]);
  });

  test('is JSON when it was asked for, of the schema that was given', async () => {
    const { chat, calls } = await startOpenai(answer, answer);
    const any = await chat.create({ model, messages, response_format: { type: 'json_object' } });
    const json_schema = { name: 'place', schema, strict: true };
    const given = { type: 'json_schema', json_schema } as const;
    const exact = await chat
      .stream({ model, messages, response_format: given })
      .finalChatCompletion();
    expect(JSON.parse(any.choices[0]?.message.content ?? '')).toEqual({});
    expect(JSON.parse(exact.choices[0]?.message.content ?? '')).toEqual(ACCEPTED);
    expect(calls).toMatchObject([{}, { contentEvents: 6 }]);
  });

  test('is refused to a prompt longer than the context of the model', async () => {
    const { chat } = await startOpenai(answer);
    const long = [{ role: 'user' as const, content: 'x'.repeat(40_000) }];
    await expect(chat.create({ model: 'gpt-4', messages: long })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    });
  });
});

describe('google: an answer', () => {
  const model = 'gemini-3.5-flash';
  const contents = 'Where?';
  async function startGoogle(...answers: GeneratedAnswer[]) {
    const { baseUrl, calls } = await start('google', ...answers);
    return { gemini: new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl } }).models, calls };
  }

  test('calls the tools that the script names, each in one piece, and ends with STOP', async () => {
    const { gemini, calls } = await startGoogle({ ...answer, toolCalls }, { ...answer, toolCalls });
    const plain = await gemini.generateContent({ model, contents });
    const chunks = await collect(await gemini.generateContentStream({ model, contents }));
    const expected = toolCalls.map(({ name, arguments: args }) => ({ name, args }));
    expect(plain.functionCalls).toMatchObject(expected);
    expect(plain.candidates?.[0]?.content?.parts?.[0]?.text).toBe('Tally counts');
    expect(chunks.flatMap((chunk) => chunk.functionCalls ?? [])).toMatchObject(expected);
    for (const ended of [plain, chunks.at(-1)]) {
      expect(ended?.candidates).toMatchObject([{ finishReason: 'STOP' }]);
    }
    expect(calls).toMatchObject([{ usage }, { usage, contentEvents: 4 }]);
  });

  test('has as many candidates as were asked for', async () => {
    const { gemini } = await startGoogle(answer, answer);
    const asked = { model, contents, config: { candidateCount: 2 } };
    const plain = await gemini.generateContent(asked);
    const texts = plain.candidates?.map(({ content }) => content?.parts?.[0]?.text);
    expect(texts).toEqual(['Tally counts what', 'Tally counts what']);
    const chunks = await collect(await gemini.generateContentStream(asked));
    expect(chunks.at(-1)?.candidates).toMatchObject([
      { index: 0, finishReason: 'STOP' },
      { index: 1, finishReason: 'STOP' },
    ]);
  });

  test('is JSON when it was asked for', async () => {
    const { gemini } = await startGoogle(answer, answer);
    const responseMimeType = 'application/json';
    const config = { responseMimeType, responseJsonSchema: schema };
    const exact = await gemini.generateContent({ model, contents, config });
    const any = await gemini.generateContent({ model, contents, config: { responseMimeType } });
    expect(JSON.parse(exact.text ?? '')).toEqual(ACCEPTED);
    expect(JSON.parse(any.text ?? '')).toEqual({});
  });

  test('is refused to a prompt longer than any context', async () => {
    const { gemini } = await startGoogle(answer);
    const asked = { model, contents: 'x'.repeat(4_200_000) };
    await expect(gemini.generateContent(asked)).rejects.toThrow(
      /The input token count \(\d+\) exceeds the maximum number of tokens allowed \(1048576\)/,
    );
  });
});

describe('anthropic: an answer', () => {
  const model = 'claude-haiku-4-5';
  const asked = { model, messages, max_tokens: 500 };
  async function startAnthropic(...answers: GeneratedAnswer[]) {
    const { baseUrl, calls } = await start('anthropic', ...answers);
    return { client: new Anthropic({ apiKey: KEY, baseURL: baseUrl }).messages, calls };
  }

  test('calls the tools that the script names, plain and in a stream', async () => {
    const called = { ...answer, toolCalls };
    const { client, calls } = await startAnthropic(called, called);
    const plain = await client.create(asked);
    const streamed = await client.stream(asked).finalMessage();
    for (const message of [plain, streamed]) {
      expect(message).toMatchObject({
        stop_reason: 'tool_use',
        content: [
          { type: 'text', text: 'Tally counts' },
          { type: 'tool_use', name: 'look_up', input: { place: 'Bern' } },
          { type: 'tool_use', name: 'stop', input: {} },
        ],
      });
    }
    expect(calls).toMatchObject([{ usage }, { usage, contentEvents: 6 }]);
  });

  test('is JSON of the schema that was given', async () => {
    const { client } = await startAnthropic(answer);
    const format = { type: 'json_schema' as const, schema };
    const { content } = await client.create({ ...asked, output_config: { format } });
    const [block] = content;
    expect(JSON.parse(block?.type === 'text' ? block.text : '')).toEqual(ACCEPTED);
  });

  test('is refused to a prompt longer than the context of the model', async () => {
    const { client } = await startAnthropic(answer);
    const long = [{ role: 'user' as const, content: 'x'.repeat(900_000) }];
    await expect(client.create({ ...asked, messages: long })).rejects.toThrow(
      /prompt is too long: \d+ tokens > 200000 maximum/,
    );
  });
});
