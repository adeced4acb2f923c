import Anthropic from '@anthropic-ai/sdk';
import { ApiError, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { loadHarnessEnvironment, processEnvironment } from '#harness/config/env.ts';
import { type Simulator, startSimulator } from '#harness/index.ts';
import { type ReadAnswer, readAnswer } from '#harness/simulator/providers/read-answer.ts';
import { wireOf } from '#harness/simulator/providers/wires.ts';
import { collect } from '#harness/simulator/testing/collect.ts';
import {
  CORPUS_FOLDERS,
  type CorpusExchange,
  readCorpus,
} from '#harness/simulator/testing/read-corpus.ts';

/** What an official SDK makes of one answer; the simulator's reader must have read the same. */
interface SdkReading {
  readonly model: string | undefined;
  readonly finishReason: string | undefined;
  readonly toolCalls: readonly string[];
  /** Input and output, whatever their classes; undefined when none was reported. */
  readonly tokens: number | undefined;
}

type ReadBySdk = (url: string, ask: { key: string; isStream: boolean }) => Promise<SdkReading>;

const { corpusDir } = loadHarnessEnvironment(processEnvironment());
const messages = [{ role: 'user' as const, content: 'What was recorded?' }];
const NOTHING: SdkReading = {
  model: undefined,
  finishReason: undefined,
  toolCalls: [],
  tokens: undefined,
};

type ChatChoice = OpenAI.ChatCompletion.Choice | OpenAI.ChatCompletionChunk.Choice;

const readChat: ReadBySdk = async (url, { key, isStream }) => {
  const { chat } = new OpenAI({ apiKey: key, baseURL: url, maxRetries: 0 });
  const asked = { model: 'gpt-5.4-nano', messages };
  const chunks = isStream
    ? await collect(await chat.completions.create({ ...asked, stream: true }))
    : [await chat.completions.create(asked)];
  const choices = chunks.flatMap((chunk): readonly ChatChoice[] => chunk.choices ?? []);
  return {
    // Azure's first chunk is about the prompt and names no model.
    model: chunks.findLast(({ model }) => model)?.model,
    finishReason: choices.findLast((choice) => choice.finish_reason)?.finish_reason ?? undefined,
    toolCalls: choices.flatMap(toolNames),
    tokens: chunks.findLast(({ usage }) => usage)?.usage?.total_tokens,
  };
};

function toolNames(choice: ChatChoice): string[] {
  const said = 'delta' in choice ? choice.delta : choice.message;
  const called = (said?.tool_calls ?? []).map((call) =>
    'custom' in call ? call.custom : 'function' in call ? call.function : undefined,
  );
  return [...called, said?.function_call].flatMap((one) => one?.name || []);
}

const readEmbeddings: ReadBySdk = async (url, { key }) => {
  const { embeddings } = new OpenAI({ apiKey: key, baseURL: url, maxRetries: 0 });
  const asked = { model: 'text-embedding-3-small', input: 'x', encoding_format: 'float' } as const;
  const { model, usage } = await embeddings.create(asked);
  return { ...NOTHING, model, tokens: usage?.total_tokens };
};

const readImages: ReadBySdk = async (url, { key }) => {
  const { images } = new OpenAI({ apiKey: key, baseURL: url, maxRetries: 0 });
  const { usage } = await images.generate({ model: 'gpt-image-1', prompt: 'x' });
  return { ...NOTHING, tokens: usage?.total_tokens };
};

const readMessages: ReadBySdk = async (url, { key, isStream }) => {
  const client = new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0 });
  const asked = { model: 'claude-haiku-4-5', max_tokens: 9, messages };
  const message = isStream
    ? await client.messages.stream(asked).finalMessage()
    : await client.messages.create(asked);
  const { usage } = message;
  const input = usage.input_tokens + (usage.cache_read_input_tokens ?? 0);
  return {
    model: message.model,
    finishReason: message.stop_reason ?? undefined,
    toolCalls: message.content.flatMap((block) => ('name' in block ? block.name : [])),
    tokens: input + (usage.cache_creation_input_tokens ?? 0) + usage.output_tokens,
  };
};

const readContent: ReadBySdk = async (url, { key, isStream }) => {
  const { models } = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } });
  const asked = { model: 'gemini-2.5-flash', contents: 'What was recorded?' };
  const chunks = isStream
    ? await collect(await models.generateContentStream(asked))
    : [await models.generateContent(asked)];
  const last = <T>(pick: (chunk: (typeof chunks)[number]) => T | undefined) =>
    chunks.map(pick).findLast((value) => value !== undefined);
  return {
    model: last(({ modelVersion }) => modelVersion),
    // An older API numbers its reasons.
    finishReason: last(({ candidates }) => candidates?.[0]?.finishReason?.toString()),
    toolCalls: chunks.flatMap(({ functionCalls = [] }) =>
      functionCalls.map(({ name = '' }) => name),
    ),
    tokens: last(({ usageMetadata }) => usageMetadata?.totalTokenCount),
  };
};

const READERS: Readonly<Record<string, ReadBySdk>> = {
  'chat-completions': readChat,
  embeddings: readEmbeddings,
  images: readImages,
  messages: readMessages,
  generateContent: readContent,
  streamGenerateContent: readContent,
};

describe('recorded exchanges', () => {
  test.for(CORPUS_FOLDERS)('of %s are read by the official SDK', async (folder, { skip }) => {
    if (corpusDir === undefined) {
      skip('TALLY_CORPUS_DIR is not set: there are no recorded exchanges to answer with.');
      return;
    }
    await using simulator = await startSimulator();
    const { exchanges } = readCorpus(corpusDir, folder);
    let count = 0;
    for (const exchange of exchanges) {
      const read = readAnswer(wireOf(exchange.provider), exchange.answer);
      // Google's stream as one array, for which its SDK never asks.
      if (read.form === 'array') continue;
      count += 1;
      const told = await readBySdk(simulator, exchange, read);
      expect(told, `${folder}/${exchange.name}`).toEqual(expectedOf(exchange, read));
    }
    process.stdout.write(
      `${folder}: ${count} of ${exchanges.length} exchanges read by the official SDK\n`,
    );
    expect(count).toBeGreaterThan(0);
  });
});

/** The status of the error that an SDK throws; one inside a 200 has none. */
interface Failed {
  readonly failed: number | undefined;
}

/** What the SDK says, or how it fails. */
async function readBySdk(
  simulator: Simulator,
  { name, provider, api = '', answer }: CorpusExchange,
  { form }: ReadAnswer,
): Promise<SdkReading | Failed> {
  const key = `key-${provider}-${name}`;
  const body = answer.bytes.toString();
  const type = answer.headers['content-type'] ?? 'application/json';
  const headers = { 'content-type': type };
  simulator.script(key, {
    answer: { kind: 'verbatim', status: answer.status, headers, body },
  });
  const url = simulator.providerUrl(provider);
  const ask = { key, isStream: form === 'events' };
  try {
    return await (READERS[api] ?? readChat)(url, ask);
  } catch (error) {
    const isSaid = [OpenAI.APIError, Anthropic.APIError, ApiError].some(
      (one) => error instanceof one,
    );
    if (!isSaid) throw error;
    return { failed: (error as { status?: number }).status };
  }
}

function expectedOf({ answer }: CorpusExchange, read: ReadAnswer): SdkReading | Failed {
  if (read.error !== undefined) {
    return { failed: answer.status === 200 ? undefined : answer.status };
  }
  const { model, finishReason, toolCalls, usage } = read;
  const tokens = usage && Object.values(usage).reduce((sum, some) => sum + some, 0);
  return { model, finishReason, toolCalls, tokens };
}
