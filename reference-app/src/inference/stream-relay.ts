import type { Attempt } from '../accounting/attempt.ts';
import type { ErrorBody } from '../errors/api-error.ts';
import type { StreamEvent } from '../providers/provider.ts';
import type { JsonObject } from '../shapes/json-object.ts';
import type { StreamWriter } from '../shapes/shape.ts';
import type { StreamTranslation } from '../shapes/translation.ts';

type ChunkEvent = Extract<StreamEvent, { kind: 'chunk' }>;

interface RelayOptions {
  readonly attempt: Pick<Attempt, 'servedBy' | 'reportedUsage' | 'receivedContent'>;
  readonly writer: StreamWriter;
  /** undefined: the client speaks the provider's own shape, and gets its texts as they came. */
  readonly translation: StreamTranslation | undefined;
}

/** Meters the events of one stream and turns them into the text that its client receives. */
export class StreamRelay {
  readonly #attempt: RelayOptions['attempt'];
  readonly #writer: StreamWriter;
  readonly #translation: StreamTranslation | undefined;
  #isComplete = false;
  #error: ErrorBody | undefined;

  constructor({ attempt, writer, translation }: RelayOptions) {
    this.#attempt = attempt;
    this.#writer = writer;
    this.#translation = translation;
  }

  /** The stream came to the end of its grammar. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The error that came inside the stream. */
  get error(): ErrorBody | undefined {
    return this.#error;
  }

  /** What ends the client's stream, once the attempt is recorded. */
  get ending(): string {
    return this.#writer.ending;
  }

  /** Counts every event of the group; returns the text that the client gets at once. */
  accept(events: readonly StreamEvent[]): string {
    let text = '';
    for (const event of events) {
      if (event.kind === 'chunk') text += this.#acceptChunk(event);
      else if (event.kind === 'error') this.#error ??= event.body;
      else text += this.#acceptEnd();
    }
    return text;
  }

  #acceptEnd(): string {
    if (this.#isComplete) return '';
    this.#isComplete = true;
    return this.#error === undefined ? this.#writeAll(this.#translation?.end() ?? []) : '';
  }

  #acceptChunk(event: ChunkEvent): string {
    if (event.modelServed !== undefined) this.#attempt.servedBy(event.modelServed);
    if (event.usage !== undefined) this.#attempt.reportedUsage(event.usage);
    if (event.hasContent) this.#attempt.receivedContent();
    if (this.#error !== undefined || this.#isComplete) return '';
    return this.#translation === undefined
      ? this.#writer.write(event)
      : this.#writeAll(this.#translation.translate(event.data));
  }

  #writeAll(chunks: readonly JsonObject[]): string {
    return chunks.map((data) => this.#writer.write({ data, text: JSON.stringify(data) })).join('');
  }
}
