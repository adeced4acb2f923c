/** What a request target says, e.g. "/v1/models?limit=2". */
export interface RequestTarget {
  readonly path: string;
  /** With the secrets that some providers take there. */
  readonly parameters: URLSearchParams;
  /** Sorted, without secrets: what takes part in matching. Empty when there is none. */
  readonly query: string;
}

export function readTarget(target: string): RequestTarget {
  const mark = target.indexOf('?');
  if (mark < 0) {
    return { path: target, parameters: NO_PARAMETERS, query: '' };
  }
  const parameters = new URLSearchParams(target.slice(mark + 1));
  return { path: target.slice(0, mark), parameters, query: withoutSecrets(parameters) };
}

const NO_PARAMETERS = new URLSearchParams();

/** Keys and tokens travel in these at some providers; they take part in nothing else. */
const SECRET_PARAMETERS = ['key', 'api_key', 'api-key', 'access_token'];

function withoutSecrets(parameters: URLSearchParams): string {
  const kept = new URLSearchParams(parameters);
  for (const name of SECRET_PARAMETERS) {
    kept.delete(name);
  }
  kept.sort();
  return kept.toString();
}
