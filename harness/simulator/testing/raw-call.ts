import { connect, type Socket } from 'node:net';

import { Condition } from '../condition.ts';

interface RawRequest {
  readonly body: unknown;
  /** Sent as OpenAI's clients send it. */
  readonly key?: string;
  /** Below the base URL, with its query; "/chat/completions" when left out. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One HTTP call on a socket of its own, so that a test sees every byte and leaves when it likes. */
export class RawCall implements Disposable {
  readonly socket: Socket;
  readonly #condition = new Condition();
  #bytes = Buffer.alloc(0);
  #isClosed = false;

  constructor(baseUrl: string, asked: RawRequest) {
    const { key, body, path = '/chat/completions', headers } = asked;
    const url = new URL(`${baseUrl}${path}`);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.socket = connect(Number(url.port), url.hostname);
    this.socket.on('data', (bytes) => this.#take(bytes));
    // A reset is one of the ways in which a call ends; `closed` tells it as well.
    this.socket.on('error', () => undefined);
    this.socket.once('close', () => {
      this.#isClosed = true;
      this.#condition.changed();
    });
    const lines = [
      `POST ${url.pathname}${url.search} HTTP/1.1`,
      `host: ${url.host}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(text)}`,
      ...(key === undefined ? [] : [`authorization: Bearer ${key}`]),
      ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    ];
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n${text}`);
  }

  /** Everything received, one character per byte. */
  get received(): string {
    return this.#bytes.toString('latin1');
  }

  get head(): string {
    return this.received.split('\r\n\r\n', 1)[0] ?? '';
  }

  /** The chunks of a chunked body, as they were framed. */
  get chunks(): string[] {
    let rest = this.received.slice(this.head.length + 4);
    const chunks: string[] = [];
    while (rest.length > 0) {
      const line = rest.indexOf('\r\n');
      const size = Number.parseInt(rest.slice(0, line), 16);
      chunks.push(rest.slice(line + 2, line + 2 + size));
      rest = rest.slice(line + 2 + size + 2);
    }
    return chunks;
  }

  /** The body after its chunks were joined; the whole rest for a body that is not chunked. */
  get body(): string {
    const isChunked = /transfer-encoding: chunked/i.test(this.head);
    return isChunked ? this.chunks.join('') : this.received.slice(this.head.length + 4);
  }

  async until(text: string): Promise<void> {
    await this.#until(() => this.received.includes(text), `"${text}" was received`);
  }

  async untilClosed(): Promise<void> {
    await this.#until(() => this.#isClosed, 'the connection was closed');
  }

  /** The caller goes away. */
  leave(): void {
    this.socket.destroy();
  }

  [Symbol.dispose](): void {
    this.leave();
  }

  #take(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    this.#condition.changed();
  }

  #until(isTrue: () => boolean, what: string): Promise<void> {
    const onTimeout = () => new Error(`Not before 5 s: ${what}. Received: ${this.received}`);
    return this.#condition.until(isTrue, { timeoutMs: 5_000, onTimeout });
  }
}

/** A chat request that every simulated model accepts. */
export function chatRequest(extra: object = {}): Record<string, unknown> {
  return { model: 'gpt-5.4-nano', messages: [{ role: 'user', content: 'Hello.' }], ...extra };
}
