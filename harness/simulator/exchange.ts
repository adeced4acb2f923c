import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Answer, AnswerPart, WholeAnswer } from './answer.ts';
import type { OpenCall } from './call-log.ts';
import type { CallEnd } from './ledger.ts';

/**
 * One provider call on its connection. It writes into the ledger what was really handed over, and
 * judges from the socket alone how the call ended.
 */
export class Exchange {
  readonly call: OpenCall;
  readonly #response: ServerResponse;
  #end: CallEnd = 'abandoned';
  #hasEnded = false;

  constructor(
    call: OpenCall,
    { request, response }: { request: IncomingMessage; response: ServerResponse },
    onEnd: (end: CallEnd) => void,
  ) {
    this.call = call;
    this.#response = response;
    const { socket } = request;
    // Before Node's own listener, which may destroy the socket of a finished answer. And Node says
    // 'finish' also when a destroyed socket drops the rest of an answer: that one is abandoned.
    response.prependOnceListener('finish', () => {
      this.#end = socket.destroyed || this.#end === 'refused' ? this.#end : 'completed';
    });
    response.once('close', () => {
      this.#hasEnded = true;
      onEnd(this.#end);
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Resolves when what `start` begins is done, or when the call has ended, whichever is first. */
  async orEnd(start: (done: () => void) => void): Promise<void> {
    if (this.#hasEnded) {
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#response.once('close', resolve);
    start(resolve);
    await promise;
    this.#response.off('close', resolve);
  }

  sendWhole({ status, headers, modelServed, body, usage }: WholeAnswer): void {
    const { call } = this;
    call.status = status;
    call.modelServed = modelServed;
    call.usage = usage;
    this.#response.writeHead(status, headers as string[]).end(body);
  }

  sendHead({ status, headers, modelServed }: Answer): void {
    this.call.status = status;
    this.call.modelServed = modelServed;
    this.#response.writeHead(status, headers as string[]);
    this.#response.flushHeaders();
  }

  /** Hands one part over; resolves when the operating system has it, or when the call has ended. */
  async sendPart({ bytes, contentEvents, usage }: AnswerPart): Promise<void> {
    await this.orEnd((done) => {
      this.#response.write(bytes, done);
      this.call.contentEvents += contentEvents;
      this.call.usage = usage ?? this.call.usage;
    });
  }

  finish(): void {
    this.#response.end();
  }

  /** Nothing answers this call: whatever happens to its connection, it was refused. */
  refuse(): void {
    this.#end = 'refused';
  }

  /** The provider breaks off: the connection is closed under the caller. */
  cut(): void {
    this.#end = 'cut';
    this.#response.destroy();
  }
}
