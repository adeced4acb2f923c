/** A URL for messages: without user, password and query, which may be secret. */
export function showUrl(url: string | URL): string {
  const { origin, pathname } = new URL(url);
  return pathname === '/' ? origin : `${origin}${pathname}`;
}
