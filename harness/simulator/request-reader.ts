import { findCallMark } from './call-mark.ts';
import { parseJson } from './parse-json.ts';
import type { Operation, ProviderRequest, ProviderWire, RawRequest } from './providers/wire.ts';

interface Understood {
  readonly request: ProviderRequest;
  /** See callMark(). */
  readonly mark: string | undefined;
}

const KEPT_MAX = 1_000;
const KEPT_CHARACTERS_MAX = 10_000;

/**
 * Reads requests, each distinct one once: under load the same bytes come again and again, and to
 * parse them is most of what a replay costs. The same bytes give the same body, as the same object.
 */
export class RequestReader {
  readonly #understood = new Map<string, Understood>();

  read(
    wire: ProviderWire,
    operation: Operation,
    { text, ...raw }: Omit<RawRequest, 'body'> & { text: string },
  ): Understood {
    const { method, path, query, headers } = raw;
    const name = `${wire.provider} ${method} ${path}?${query} ${text}`;
    const known = this.#understood.get(name);
    if (known !== undefined) {
      return { ...known, request: { ...known.request, headers } };
    }
    const request = wire.readRequest({ ...raw, body: parseJson(text) }, operation);
    const understood = { request, mark: findCallMark(text) };
    if (text.length <= KEPT_CHARACTERS_MAX) {
      if (this.#understood.size >= KEPT_MAX) {
        this.#understood.clear();
      }
      this.#understood.set(name, understood);
    }
    return understood;
  }
}
