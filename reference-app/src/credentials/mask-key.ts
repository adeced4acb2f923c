const SHOWN_CHARACTERS = 4;
/** Four characters of a short key would be too large a part of it. */
const SHORT_KEY_CHARACTERS = 16;
const MASK = '****';

/** Shows at most the last four characters of a key. */
export function maskKey(apiKey: string): string {
  return apiKey.length < SHORT_KEY_CHARACTERS ? MASK : MASK + apiKey.slice(-SHOWN_CHARACTERS);
}

/** Whether a text is a mask that came back from a form; no provider's key has these characters. */
export function isMask(text: string): boolean {
  return /[*•●…]/.test(text) || text.includes('...');
}
