/** Keys and tokens travel in these at some providers; they take part in nothing else. */
const SECRET_PARAMETERS = ['key', 'api_key', 'api-key', 'access_token'];

/** A query in canonical form: sorted, without the parameters that carry secrets. */
export function withoutSecrets(query: URLSearchParams): string {
  if (query.size === 0) {
    return '';
  }
  const kept = new URLSearchParams(query);
  for (const name of SECRET_PARAMETERS) {
    kept.delete(name);
  }
  kept.sort();
  return kept.toString();
}
