import { toFinishReason } from '../finish-reasons.ts';
import { isFilled, isJsonObject, type JsonObject, withoutNulls } from '../json-object.ts';
import { toOpenAiUsage } from '../translate-usage.ts';
import type { StreamTranslation } from '../translation.ts';
import { completionHead } from './answer.ts';

/** One tool call on its way; OpenAI numbers the calls, Anthropic all blocks. */
interface Call {
  readonly index: number;
  hasArguments: boolean;
}

/** A stream of Anthropic's as chunks of a chat completion. */
export function createStream(): StreamTranslation {
  const translator = new ChunkTranslator();
  return {
    translate: (event) => translator.translate(event),
    end: () => translator.end(),
  };
}

class ChunkTranslator {
  readonly #calls = new Map<unknown, Call>();
  #head: JsonObject = {};
  #usage: JsonObject = {};

  translate(event: JsonObject): readonly JsonObject[] {
    const { type, index, message, content_block: block, delta, usage } = event;
    if (type === 'message_start' && isJsonObject(message)) return this.#start(message);
    if (type === 'content_block_start' && isJsonObject(block)) return this.#open(index, block);
    if (type === 'content_block_delta' && isJsonObject(delta)) return this.#add(index, delta);
    if (type === 'content_block_stop') return this.#close(index);
    if (type === 'message_delta' && isJsonObject(delta)) {
      this.#keepUsage(usage);
      return [this.#chunk({}, toFinishReason(delta['stop_reason']))];
    }
    return [];
  }

  end(): readonly JsonObject[] {
    const usage = toOpenAiUsage(this.#usage);
    return usage === undefined ? [] : [{ ...this.#head, choices: [], usage }];
  }

  #start(message: JsonObject): readonly JsonObject[] {
    this.#head = completionHead(message, 'chat.completion.chunk');
    this.#keepUsage(message['usage']);
    return [this.#chunk({ role: 'assistant', content: '' })];
  }

  /** The end's usage may leave out what the start has said. */
  #keepUsage(usage: unknown): void {
    if (isJsonObject(usage)) this.#usage = { ...this.#usage, ...withoutNulls(usage) };
  }

  #open(block: unknown, { type, text, id, name, input }: JsonObject): readonly JsonObject[] {
    if (type === 'text' && isFilled(text)) return [this.#chunk({ content: text })];
    if (type !== 'tool_use') return [];
    const hasInput = isJsonObject(input) && Object.keys(input).length > 0;
    const call: Call = { index: this.#calls.size, hasArguments: hasInput };
    this.#calls.set(block, call);
    const called = { name, arguments: hasInput ? JSON.stringify(input) : '' };
    return [this.#callChunk(call, { id, type: 'function', function: called })];
  }

  #add(block: unknown, { text, thinking, partial_json: json }: JsonObject): readonly JsonObject[] {
    if (isFilled(text)) return [this.#chunk({ content: text })];
    if (isFilled(thinking)) return [this.#chunk({ reasoning_content: thinking })];
    const call = this.#calls.get(block);
    if (call === undefined || !isFilled(json)) return [];
    call.hasArguments = true;
    return [this.#callChunk(call, { function: { arguments: json } })];
  }

  /** A tool without arguments has none here, but OpenAI's clients parse them in any case. */
  #close(block: unknown): readonly JsonObject[] {
    const call = this.#calls.get(block);
    if (call === undefined || call.hasArguments) return [];
    return [this.#callChunk(call, { function: { arguments: '{}' } })];
  }

  #callChunk({ index }: Call, fields: JsonObject): JsonObject {
    return this.#chunk({ tool_calls: [{ index, ...fields }] });
  }

  #chunk(delta: JsonObject, finish_reason: string | null = null): JsonObject {
    return { ...this.#head, choices: [{ index: 0, delta, logprobs: null, finish_reason }] };
  }
}
