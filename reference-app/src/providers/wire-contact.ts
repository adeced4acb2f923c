import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';

/** Whether the head of a call was handed to a connection: from then on the provider may bill it. */
export interface WireContact {
  readonly wasSent: boolean;
}

interface OpenContact {
  wasSent: boolean;
}

const current = new AsyncLocalStorage<OpenContact>();
const contactByRequest = new WeakMap<object, OpenContact>();

function requestOf(message: unknown): object | undefined {
  const isMessage = typeof message === 'object' && message !== null && 'request' in message;
  return isMessage && typeof message.request === 'object'
    ? (message.request ?? undefined)
    : undefined;
}

// Node's fetch tells its progress here and nowhere else (read in undici's docs 2026-11-22:
// https://github.com/nodejs/undici/blob/main/docs/docs/api/DiagnosticsChannel.md). A request is
// created in the context of its caller, but sent in that of its connection.
subscribe('undici:request:create', (message) => {
  const contact = current.getStore();
  const request = requestOf(message);
  if (contact !== undefined && request !== undefined) contactByRequest.set(request, contact);
});
subscribe('undici:client:sendHeaders', (message) => {
  const contact = contactByRequest.get(requestOf(message) ?? {});
  if (contact !== undefined) contact.wasSent = true;
});

/**
 * Runs one call made with fetch, by whichever SDK, and watches whether it gets onto the wire. A
 * client that leaves while the connection is still being made has caused no call at all.
 */
export function watchContact<T>(call: (contact: WireContact) => Promise<T>): Promise<T> {
  const contact: OpenContact = { wasSent: false };
  return current.run(contact, () => call(contact));
}
