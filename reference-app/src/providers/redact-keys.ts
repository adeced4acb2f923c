/** Text shaped like a key of a provider. */
const KEY_LIKE = /\b(?:sk|pk|rk|gsk|xai|AIza)[-_][\w*.-]{6,}/g;

/** A key whose middle the provider has masked: its ends are still more than anyone should see. */
const MASKED = /[\w-]*\*{3,}[\w*-]*/g;

/** Takes the key that was used, and anything that looks like a key, out of a provider's text. */
export function redactKeys(text: string, apiKey: string): string {
  const withoutOwnKey = apiKey === '' ? text : text.replaceAll(apiKey, '[redacted]');
  return withoutOwnKey.replace(KEY_LIKE, '[redacted]').replace(MASKED, '[redacted]');
}
