import type { RecordedResponse } from '#harness/cassettes/cassette.ts';
import { PROVIDERS, type Provider } from '#harness/cassettes/provider.ts';
import { PROVIDER_URLS } from '#harness/cassettes/provider-url.ts';
import { withoutSecrets } from '#harness/cassettes/redact/secret-parameters.ts';
import type { RecordedExchange } from '#harness/recorder/recorded-exchange.ts';
import { parseJson } from '#harness/simulator/parse-json.ts';
import { cutAnswer, readAnswer } from '#harness/simulator/providers/read-answer.ts';
import { wireOf } from '#harness/simulator/providers/wires.ts';
import { prepareReplay } from '#harness/simulator/replay.ts';
import { decodeBody } from './decode-body.ts';
import type { ForeignExchange } from './foreign-exchange.ts';

/** An exchange that can become an interaction of a cassette. Holds secrets: never to be written. */
export interface ImportedExchange extends Pick<RecordedExchange, 'provider' | 'request'> {
  readonly response: RecordedResponse;
  readonly modelRequested: string | undefined;
  readonly modelServed: string | undefined;
  /** The keys that were sent: they may stand in the bodies, too. */
  readonly secrets: readonly string[];
}

/** Why an exchange becomes no interaction; the message is for the user. */
export class NotImportable extends Error {}

/**
 * Understands an exchange as one with a provider. `provider` is whose it is where the host does not
 * say so. @throws NotImportable
 */
export function importExchange(
  exchange: ForeignExchange,
  provider?: Provider | undefined,
): ImportedExchange {
  const url = parseUrl(exchange.url);
  const owner = providerAt(url, provider);
  const wire = wireOf(owner);
  const { method } = exchange;
  const { pathname: path, searchParams } = url;
  const operation = wire.findOperation(method, path);
  if (operation.kind === 'unknown') {
    throw new NotImportable(`${method} ${path} is no operation of ${owner} that Tally speaks`);
  }
  const body = exchange.requestBody.length > 0 ? parseJson(String(exchange.requestBody)) : {};
  if (body === undefined) throw new NotImportable('what it asks is no JSON');
  const key = wire.readKey(exchange.requestHeaders, searchParams);
  const query = withoutSecrets(searchParams);
  const headers = exchange.requestHeaders;
  const response = importResponse(exchange);
  refuseBroken(owner, response);
  return {
    provider: owner,
    request: { method, path, query, bytes: exchange.requestBody },
    response,
    modelRequested: wire.readRequest({ method, path, query, headers, body }, operation).model,
    modelServed: readAnswer(wire, response).model,
    secrets: [...(key === undefined ? [] : [key]), ...secretsIn(headers)],
  };
}

const SECRET_HEADER = /authorization|api-?key|token|cookie/;

/** Whatever let the caller in, with and without the scheme before it. */
function secretsIn(headers: ForeignExchange['requestHeaders']): string[] {
  const values = Object.entries(headers).flatMap(([name, value]) =>
    SECRET_HEADER.test(name) ? [value] : [],
  );
  return values.flatMap((value) => [value, value.replace(/^[A-Za-z]+ /, '')]);
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new NotImportable('its URL is none');
  return new URL(text);
}

/** Those that have cassettes. */
const OWNERS = PROVIDERS.filter((provider) => provider !== 'azure');

function providerAt({ hostname }: URL, named: Provider | undefined): Provider {
  const owner = named ?? OWNERS.find((one) => new URL(PROVIDER_URLS[one]).hostname === hostname);
  if (owner !== undefined) return owner;
  throw new NotImportable(
    hostname.endsWith('.azure.com')
      ? 'it is of Azure OpenAI, for which there are no cassettes: OpenAI’s stand for it'
      : `the host ${hostname} is no provider’s own: say with --provider whose protocol it speaks`,
  );
}

/** A stream is cut by its events: nobody recorded where its chunks began, and when they came. */
function importResponse({ status, headers, body }: ForeignExchange): RecordedResponse {
  if (status < 200 || status > 599) throw new NotImportable(`it was answered with ${status}`);
  const encoding = headers['content-encoding'];
  const bytes = encoding === undefined ? body : decodeBody(body, encoding);
  if (bytes === undefined) {
    throw new NotImportable(`its answer cannot be decompressed as "${encoding}"`);
  }
  const named = Object.entries(headers).filter(([name]) => HEADER_NAME.test(name));
  const answer = { status, headers: Object.fromEntries(named), bytes };
  const { form, events } = cutAnswer(answer);
  const starts = [0, ...events.map(({ end }) => end)].filter((start) => start < bytes.length);
  const chunks = starts.map((start) => [start, 0] as [number, number]);
  return { ...answer, chunks: form === 'whole' ? undefined : chunks };
}

/** Without HTTP/2's own, which some tools list among the headers. */
const HEADER_NAME = /^[a-z0-9-]+$/;

/** What every replay would complain of is no good recording. */
function refuseBroken(provider: Provider, response: RecordedResponse): void {
  const { findings } = prepareReplay(wireOf(provider), 'imported', response);
  const [found] = findings;
  if (found !== undefined) throw new NotImportable(found.message);
}
