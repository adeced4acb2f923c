import type { Attempt } from '../accounting/attempt.ts';
import type { ErrorBody } from '../errors/api-error.ts';
import type { StreamEvent } from '../providers/provider.ts';

const DONE = 'data: [DONE]\n\n';

type Chunk = Extract<StreamEvent, { kind: 'chunk' }>;

interface RelayOptions {
  readonly attempt: Pick<Attempt, 'servedBy' | 'reportedUsage' | 'receivedContent'>;
  /** false: usage is asked for upstream, but this client did not ask and does not see it. */
  readonly wantsUsage: boolean;
}

/** Meters the events of one stream and turns them into the text that its client receives. */
export class StreamRelay {
  readonly #attempt: RelayOptions['attempt'];
  readonly #wantsUsage: boolean;
  #usageText = '';
  #isComplete = false;
  #error: ErrorBody | undefined;

  constructor({ attempt, wantsUsage }: RelayOptions) {
    this.#attempt = attempt;
    this.#wantsUsage = wantsUsage;
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
    return this.#usageText + DONE;
  }

  /** Counts every event of the group; returns the text that the client gets at once. */
  accept(events: readonly StreamEvent[]): string {
    let text = '';
    for (const event of events) {
      if (event.kind === 'end') this.#isComplete = true;
      else if (event.kind === 'error') this.#error ??= event.body;
      else text += this.#acceptChunk(event);
    }
    return text;
  }

  #acceptChunk(event: Chunk): string {
    if (event.modelServed !== undefined) this.#attempt.servedBy(event.modelServed);
    if (event.usage !== undefined) this.#attempt.reportedUsage(event.usage);
    if (event.hasContent) this.#attempt.receivedContent();
    if (this.#error !== undefined || this.#isComplete) return '';
    const text = this.#render(event);
    if (!event.isUsageOnly) return text;
    this.#usageText = text;
    return '';
  }

  #render({ chunk, text, isUsageOnly }: Chunk): string {
    if (this.#wantsUsage) return toEvent(text);
    if (isUsageOnly) return '';
    if (!('usage' in chunk)) return toEvent(text);
    const { usage: _hidden, ...visible } = chunk;
    return toEvent(JSON.stringify(visible));
  }
}

/** The chunk's own text is passed on as it came; a line end in it would need one `data:` a line. */
function toEvent(text: string): string {
  return `data: ${text.includes('\n') ? text.replaceAll('\n', '\ndata: ') : text}\n\n`;
}
