import type { ServerResponse } from 'node:http';

/** Whether the client is still there, and the switch that cancels the work done for it. */
export interface ClientPresence {
  readonly hasLeft: boolean;
  /** Aborted when the client leaves, or by cancel(). */
  readonly signal: AbortSignal;
  /** Stops the upstream call although the client is still there. */
  cancel(): void;
}

/**
 * Watches for the client's leaving. Only a 'close' of the response before everything was written
 * tells it: an upstream failure ends the response as well, and Fastify's onRequestAbort confuses
 * the two.
 */
export function watchClient(response: ServerResponse): ClientPresence {
  const controller = new AbortController();
  let hasLeft = response.destroyed;
  if (hasLeft) controller.abort();
  response.once('close', () => {
    if (response.writableFinished) return;
    hasLeft = true;
    controller.abort();
  });
  return {
    get hasLeft() {
      return hasLeft;
    },
    signal: controller.signal,
    cancel: () => controller.abort(),
  };
}
