/**
 * Puts the real key in the place of a key that the service was given, wherever a header or a query
 * holds it. A key that was not accepted stays, so that its refusal is the provider's own.
 */
export function keyOnTheWay(given: string | undefined, real: string): (text: string) => string {
  return given === undefined ? (text) => text : (text) => text.replaceAll(given, real);
}
