import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '0\r\n\r\n';
const LIMIT_MS = 10_000;

/**
 * One kept-alive connection with one call at a time, which knows no more of HTTP than where an
 * answer ends: a client of node:http takes longer for a call than the servers that are measured.
 */
export class RawConnection implements Disposable {
  readonly #socket: Socket;
  #received = '';
  #answered: PromiseWithResolvers<string> | undefined;

  static async open(url: URL): Promise<RawConnection> {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    await once(socket, 'connect', { signal: AbortSignal.timeout(LIMIT_MS) });
    return new RawConnection(socket);
  }

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (text: string) => this.#receive(text));
    socket.setTimeout(LIMIT_MS, () => socket.destroy(new Error(`no answer in ${LIMIT_MS} ms`)));
    socket.on('error', (error) => this.#answered?.reject(error));
    socket.on('close', () => this.#answered?.reject(new Error('the connection was closed')));
  }

  /** The whole answer, head and framing included. */
  send(request: string): Promise<string> {
    this.#answered = Promise.withResolvers();
    this.#received = '';
    this.#socket.write(request, 'latin1');
    return this.#answered.promise;
  }

  [Symbol.dispose](): void {
    this.#answered = undefined;
    this.#socket.destroy();
  }

  #receive(text: string): void {
    this.#received = this.#received === '' ? text : this.#received + text;
    if (isWhole(this.#received)) this.#answered?.resolve(this.#received);
  }
}

function isWhole(answer: string): boolean {
  const headEnd = answer.indexOf(HEAD_END);
  if (headEnd < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer)?.[1];
  if (length === undefined) return answer.endsWith(LAST_CHUNK);
  return answer.length === headEnd + HEAD_END.length + Number(length);
}

/** The bytes of each chunk of a chunked answer; of the whole body when it is not chunked. */
export function chunkSizes(answer: string): number[] {
  let at = answer.indexOf(HEAD_END) + HEAD_END.length;
  if (!/\r\ntransfer-encoding: *chunked/i.test(answer.slice(0, at))) return [answer.length - at];
  const sizes: number[] = [];
  for (;;) {
    const lineEnd = answer.indexOf('\r\n', at);
    const size = Number.parseInt(answer.slice(at, lineEnd), 16);
    if (!(size > 0)) return sizes;
    sizes.push(size);
    at = lineEnd + 2 + size + 2;
  }
}
