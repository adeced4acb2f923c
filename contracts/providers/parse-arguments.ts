/** The arguments of a tool; those of a stream that broke off are no JSON. */
export function parseArguments(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
