/** Text shaped like a key of a provider, also when the provider itself has masked its middle. */
const KEY_LIKE = /\b(?:sk|pk|rk|gsk|xai|AIza)[-_][\w*.-]{6,}/g;

/** Takes the key that was used, and anything that looks like a key, out of a provider's text. */
export function redactKeys(text: string, apiKey: string): string {
  const withoutOwnKey = apiKey === '' ? text : text.replaceAll(apiKey, '[redacted]');
  return withoutOwnKey.replace(KEY_LIKE, '[redacted]');
}
