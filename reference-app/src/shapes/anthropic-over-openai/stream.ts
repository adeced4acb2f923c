import { toStopReason } from '../finish-reasons.ts';
import { isFilled, isJsonObject, type JsonObject } from '../json-object.ts';
import { toAnthropicUsage } from '../translate-usage.ts';
import type { StreamTranslation } from '../translation.ts';
import { firstChoice, messageHead } from './answer.ts';
import { ContentBlocks } from './content-blocks.ts';

const NO_USAGE = { input_tokens: 0, output_tokens: 0 };

/** Chunks of a chat completion as a stream of Anthropic's. */
export function createStream(): StreamTranslation {
  const translator = new EventTranslator();
  return {
    translate: (chunk) => translator.translate(chunk),
    end: () => translator.end(),
  };
}

class EventTranslator {
  readonly #blocks = new ContentBlocks();
  #isStarted = false;
  #wasRefused = false;
  #finishReason: unknown;
  #usage: JsonObject | undefined;

  translate(chunk: JsonObject): readonly JsonObject[] {
    this.#usage = toAnthropicUsage(chunk['usage']) ?? this.#usage;
    const { delta, finish_reason: finishReason } = firstChoice(chunk);
    // Azure's first chunk is about the prompt and names neither an id nor a model.
    if (delta === undefined && finishReason === undefined) return [];
    const events = [...this.#start(chunk)];
    if (isJsonObject(delta)) events.push(...this.#add(delta));
    if (isFilled(finishReason)) {
      this.#finishReason = finishReason;
      events.push(...this.#blocks.close());
    }
    return events;
  }

  end(): readonly JsonObject[] {
    const stop_reason = this.#wasRefused ? 'refusal' : toStopReason(this.#finishReason);
    return [
      ...this.#start({}),
      ...this.#blocks.close(),
      {
        type: 'message_delta',
        delta: { stop_reason, stop_sequence: null },
        usage: this.#usage ?? NO_USAGE,
      },
    ];
  }

  /** The usage is known at the end only, and message_delta has all of it. */
  #start(chunk: JsonObject): readonly JsonObject[] {
    if (this.#isStarted) return [];
    this.#isStarted = true;
    const empty = { content: [], stop_reason: null, stop_sequence: null, usage: NO_USAGE };
    return [{ type: 'message_start', message: { ...messageHead(chunk), ...empty } }];
  }

  #add(delta: JsonObject): readonly JsonObject[] {
    const { reasoning_content: thinking, content, refusal, tool_calls: calls } = delta;
    if (isFilled(refusal)) this.#wasRefused = true;
    const events: JsonObject[] = [];
    if (isFilled(thinking)) events.push(...this.#blocks.add({ kind: 'thinking', text: thinking }));
    for (const text of [content, refusal].filter(isFilled))
      events.push(...this.#blocks.add({ kind: 'text', text }));
    for (const call of (Array.isArray(calls) ? calls : []).filter(isJsonObject)) {
      const { name, arguments: text } = isJsonObject(call['function']) ? call['function'] : {};
      const { index, id } = call;
      const written = isFilled(text) ? text : '';
      events.push(...this.#blocks.add({ kind: 'tool', index, id, name, text: written }));
    }
    return events;
  }
}
