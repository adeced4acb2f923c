import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestPlain,
  type ServerResponse,
} from 'node:http';
import { request as requestTls } from 'node:https';

// Headers that belong to one connection, or name the slot instead of the service.
const OWN_HEADERS = ['host', 'connection', 'proxy-connection', 'keep-alive'];
const PASSED_HEADERS = ['content-type', 'content-encoding'] as const;

export interface SlotProxyOptions {
  /** Longest body that is passed on; a longer one fails the scrape. */
  bodyBytesMax?: number;
  /** Longest time a service may take; Prometheus itself usually gives up much earlier. */
  timeoutMs?: number;
  /** A free loopback port when left out. */
  listen?: { host: string; port: number };
  /** Told of every scrape, wherever its slot leads. */
  onScrape?: (slot: string) => void;
}

/**
 * An HTTP proxy for scrapes. Prometheus' targets are fixed names; the proxy decides where each one
 * leads, so that a new service is scraped at once, without a reload of the configuration.
 */
export interface SlotProxy {
  readonly url: string;
  /** From now on the slot's scrapes go to this URL, with these headers added. */
  pointTo(slot: string, metricsUrl: URL, headers?: Readonly<Record<string, string>>): void;
  /** From now on the slot's scrapes fail. */
  detach(slot: string): void;
  /** Whether a scrape of the slot was ever passed on to a service. */
  hasForwarded(slot: string): boolean;
  close(): Promise<void>;
}

/** Starts the proxy. Rejects with the system's error when it cannot listen. */
export async function startSlotProxy(options: SlotProxyOptions = {}): Promise<SlotProxy> {
  const { bodyBytesMax = 64 * 2 ** 20, timeoutMs = 10_000, onScrape } = options;
  const { host, port: wanted } = options.listen ?? { host: '127.0.0.1', port: 0 };
  const targets = new Map<string, Target>();
  const forwarded = new Set<string>();
  const server = createServer((incoming, outgoing) => {
    const slot = slotOf(incoming);
    onScrape?.(slot);
    const target = targets.get(slot);
    if (target === undefined) {
      fail(outgoing, 503, `Slot "${slot}" leads to no service now.`);
      return;
    }
    forwarded.add(slot);
    forward({ incoming, outgoing, target, bodyBytesMax, timeoutMs }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      fail(outgoing, 502, `Slot "${slot}": ${target.url.href} could not be read: ${reason}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://${host}:${port}`,
    pointTo: (slot, url, headers = {}) => void targets.set(slot, { url, headers }),
    detach: (slot) => void targets.delete(slot),
    hasForwarded: (slot) => forwarded.has(slot),
    close: async () => {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A request to a proxy names the whole URL: "GET http://slot-3/metrics". */
function slotOf({ url = '' }: IncomingMessage): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

interface Target {
  url: URL;
  headers: Readonly<Record<string, string>>;
}

interface Forward {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  target: Target;
  bodyBytesMax: number;
  timeoutMs: number;
}

/** Reads the whole answer first, so that a broken or too long one fails the scrape cleanly. */
async function forward({ incoming, outgoing, target, ...limits }: Forward): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const limit = AbortSignal.timeout(limits.timeoutMs);
  const { answer, body } = await read(target.url, {
    headers: { ...incoming.headers, ...target.headers },
    signal: AbortSignal.any([gone.signal, limit]),
    bodyBytesMax: limits.bodyBytesMax,
  }).catch((error: unknown) => {
    if (limit.aborted) throw new Error(`it took longer than ${limits.timeoutMs} ms`);
    throw error;
  });
  for (const name of PASSED_HEADERS) {
    const value = answer.headers[name];
    if (value !== undefined) outgoing.setHeader(name, value);
  }
  outgoing.writeHead(answer.statusCode ?? 502).end(body);
}

interface Read {
  headers: IncomingHttpHeaders;
  signal: AbortSignal;
  bodyBytesMax: number;
}

async function read(
  target: URL,
  options: Read,
): Promise<{ answer: IncomingMessage; body: Buffer }> {
  const answer = await ask(target, options);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > options.bodyBytesMax) {
      throw new Error(`the body is longer than ${options.bodyBytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return { answer, body: Buffer.concat(chunks) };
}

async function ask(target: URL, { headers, signal }: Read): Promise<IncomingMessage> {
  const passed = Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name));
  const request = target.protocol === 'https:' ? requestTls : requestPlain;
  return await new Promise((resolve, reject) => {
    request(target, {
      headers: Object.fromEntries(passed),
      // A connection per scrape: a kept one would hold up the service when it stops, and be dead
      // after it restarted.
      agent: false,
      signal,
    })
      .once('response', resolve)
      .once('error', reject)
      .end();
  });
}

function fail(outgoing: ServerResponse, status: number, reason: string): void {
  if (outgoing.destroyed) return;
  outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
}
