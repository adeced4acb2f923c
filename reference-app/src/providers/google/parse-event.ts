import type { JsonObject } from '../../shapes/json-object.ts';
import type { StreamEvent } from '../provider.ts';
import { parseErrorBody } from './parse-error.ts';
import {
  type Candidate,
  finishOf,
  type GeminiResponse,
  parseResponse,
  toOpenAiUsage,
} from './parse-response.ts';

/** What the chunks of one stream have said so far. */
export class StreamParser {
  readonly #apiKey: string;
  readonly #created = Math.floor(Date.now() / 1_000);
  /** The tool calls of each candidate that has begun. */
  readonly #calls = new Map<number, number>();
  readonly #finished = new Set<number>();
  #head: { readonly id: string; readonly model: string };
  #usage: GeminiResponse['usage'];

  constructor({ apiKey, modelRequested }: { apiKey: string; modelRequested: string }) {
    this.#apiKey = apiKey;
    this.#head = { id: '', model: modelRequested };
  }

  /** One chunk of Gemini's becomes one of OpenAI's. */
  parse(data: JsonObject): StreamEvent {
    const error = parseErrorBody(data['error'], this.#apiKey);
    if (error !== undefined) return { kind: 'error', body: error };
    const { id, modelServed, candidates, usage } = parseResponse(data);
    if (this.#head.id === '') this.#head = { id, model: modelServed ?? this.#head.model };
    if (usage !== undefined) this.#usage = usage;
    const choices = candidates.map((candidate) => this.#toChoice(candidate));
    return {
      ...this.#chunkOf({ choices }),
      hasContent: candidates.some((candidate) => candidate.hasContent),
      modelServed,
      usage: usage && { tokens: usage, isFinal: this.#isFinished },
    };
  }

  /**
   * What follows when the connection has ended: nothing in the stream says that it is complete but
   * the finish reasons of its candidates, and without them it was cut.
   */
  end(): readonly StreamEvent[] {
    if (!this.#isFinished) return [];
    if (this.#usage === undefined) return [{ kind: 'end' }];
    const usage = this.#chunkOf({ choices: [], usage: toOpenAiUsage(this.#usage) });
    // Its tokens were reported with the chunk that they came in.
    const said = { hasContent: false, modelServed: undefined, usage: undefined };
    return [{ ...usage, ...said }, { kind: 'end' }];
  }

  get #isFinished(): boolean {
    return this.#finished.size > 0 && this.#finished.size === this.#calls.size;
  }

  #toChoice({ index, content, reasoning, toolCalls, finishReason }: Candidate): JsonObject {
    const called = this.#calls.get(index);
    const calledNow = (called ?? 0) + toolCalls.length;
    this.#calls.set(index, calledNow);
    if (finishReason !== undefined) this.#finished.add(index);
    return {
      index,
      delta: {
        ...(called === undefined && { role: 'assistant' }),
        ...(reasoning !== '' && { reasoning_content: reasoning }),
        ...(content !== '' && { content }),
        ...(toolCalls.length > 0 && {
          tool_calls: toolCalls.map((call, place) => ({ index: (called ?? 0) + place, ...call })),
        }),
      },
      logprobs: null,
      finish_reason:
        finishReason === undefined ? null : finishOf(finishReason, { hasCalled: calledNow > 0 }),
    };
  }

  #chunkOf(said: JsonObject) {
    const { id, model } = this.#head;
    const data = { id, object: 'chat.completion.chunk', created: this.#created, model, ...said };
    return { kind: 'chunk', data, text: JSON.stringify(data) } as const;
  }
}
