/** The headers around every answer of the API, names and values in turn. There is no request id. */
export function apiHeaders(contentType: string): string[] {
  return [
    'content-type',
    contentType,
    'vary',
    'Origin, Referer, X-Origin',
    'server',
    'scaffolding on HTTPServer2',
    'x-xss-protection',
    '0',
    'x-frame-options',
    'SAMEORIGIN',
    'x-content-type-options',
    'nosniff',
    'server-timing',
    'gfet4t7; dur=1',
  ];
}

export const JSON_TYPE = 'application/json; charset=UTF-8';
export const EVENT_STREAM_TYPE = 'text/event-stream';
