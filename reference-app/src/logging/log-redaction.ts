const NAMES = ['authorization', 'cookie', 'set-cookie', 'api_key', 'apiKey', 'api-key'];
const HEADERS = ['x-api-key', 'x-goog-api-key', 'proxy-authorization'];
/** A key lies in an object, in its headers, or in the headers of its request. */
const PLACES = ['', '*', '*.*'];

/** What the log never shows, whoever logs it: the service logs no headers and no bodies today. */
export const logRedaction = {
  paths: PLACES.flatMap((place) => [...NAMES, ...HEADERS].map((name) => `${place}["${name}"]`)),
  censor: '[redacted]',
};
