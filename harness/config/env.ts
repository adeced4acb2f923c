/** This process' environment, read here only; elsewhere it is an argument. */
export function processEnvironment(): Readonly<Record<string, string>> {
  const set = Object.entries(process.env).filter((entry) => entry[1] !== undefined);
  return Object.freeze(Object.fromEntries(set) as Record<string, string>);
}
