const MARK = /tally-call-[a-z0-9-]+/;

/** A text that a prompt can carry, by which both ledgers know the same call; see findCallMark(). */
export function callMark(id: string): string {
  return `tally-call-${id}`;
}

/**
 * The mark in the text of a request, whatever its shape. The key that a call carries names its
 * cause only while its owner has one call open, and a system key has no owner.
 */
export function findCallMark(text: string): string | undefined {
  return text.match(MARK)?.[0];
}
