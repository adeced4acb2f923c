import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { roundDurationSeconds } from '../accounting/round-duration.ts';
import { createCounter, createGauge, createHistogram } from './instruments.ts';
import { SlidingSum } from './sliding-sum.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** false leaves a route out of the HTTP metrics. */
    isMetered?: false;
  }
  interface FastifyRequest {
    /** Work that must be over before the request counts as ended, e.g. writing its usage row. */
    accounting: Promise<unknown> | undefined;
  }
}

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const OTHER_METHOD = 'OTHER';
const UNKNOWN_ROUTE = 'unknown';
/** nginx's name for it: the client left before the answer ended. */
const CLIENT_LEFT = '499';
const ROUTE_STATUSES = [
  '200',
  '201',
  '204',
  '400',
  '401',
  '403',
  '404',
  '408',
  '409',
  '413',
  '415',
  '422',
  '429',
  CLIENT_LEFT,
  '500',
  '502',
  '503',
  '504',
  '529',
];
const RATE_WINDOW = { windowMs: 60_000, slotMs: 10 };
const UNKNOWN_ROUTE_STATUSES = ['400', '404', CLIENT_LEFT];
const DURATION_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120,
];

/** Method and route are bounded, whatever clients send. */
function boundMethod(method: string): string {
  return METHODS.includes(method) ? method : OTHER_METHOD;
}

function createHttpInstruments(registry: Registry) {
  return {
    requests: createCounter(registry, {
      name: 'http_requests_total',
      help: 'HTTP requests that have ended; status 499: the client left before the answer ended.',
      labelNames: ['method', 'route', 'status'],
    }),
    duration: createHistogram(registry, {
      name: 'http_request_duration_seconds',
      help: 'Time from the head of the request to the end of the answer.',
      labelNames: ['method', 'route'],
      buckets: DURATION_BUCKETS,
    }),
    inProgress: createGauge(
      registry,
      'http_requests_in_progress',
      'HTTP requests whose answer or accounting has not ended.',
    ),
    rate: createGauge(
      registry,
      'byom_http_request_rate_per_minute',
      'HTTP requests that ended in the 60 s before the snapshot.',
    ),
  };
}

export interface HttpMetrics {
  /** Meters every route of the app. Call it before the first route is added. */
  meter(app: FastifyInstance): void;
  /** For requests that Fastify refuses before it runs any hook. */
  track(request: FastifyRequest, reply: FastifyReply): void;
  /** Sets the rate of the last minute, which falls while nothing happens. */
  freeze(): void;
}

/** HTTP metrics, counted in one place: the 'close' event of the raw response. */
export function createHttpMetrics(registry: Registry, nowMs: () => number): HttpMetrics {
  const { requests, duration, inProgress, rate } = createHttpInstruments(registry);
  const lastMinute = new SlidingSum({ ...RATE_WINDOW, nowMs });

  const preinitialise = (method: string, route: string, statuses: readonly string[]): void => {
    for (const status of statuses) requests.add({ method, route, status }, 0);
    duration.zero({ method, route });
  };
  for (const method of [...METHODS, OTHER_METHOD]) {
    preinitialise(method, UNKNOWN_ROUTE, UNKNOWN_ROUTE_STATUSES);
  }

  const track = (request: FastifyRequest, { raw: response }: FastifyReply, route: string): void => {
    const method = boundMethod(request.method);
    const startedAtMs = nowMs();
    inProgress.add(1);
    // Fastify's onResponse and onRequestAbort do not run when the client of a POST leaves, so a
    // gauge or counter in them leaks; 'close' comes exactly once in every case.
    // 'finish' is writableFinished as an event, which Fastify's inject() has too.
    let isWritten = false;
    response.once('finish', () => {
      isWritten = true;
    });
    response.once('close', () => {
      const status = isWritten ? String(response.statusCode) : CLIENT_LEFT;
      const seconds = roundDurationSeconds((nowMs() - startedAtMs) / 1_000);
      const end = (): void => {
        requests.add({ method, route, status }, 1);
        duration.observe({ method, route }, seconds);
        lastMinute.add(1);
        inProgress.add(-1);
      };
      // A client that leaves closes the response before its usage row is written. The request
      // ends with its row, so that "nothing in progress" means that nothing will move any more.
      if (request.accounting === undefined) end();
      else request.accounting.then(end, end);
    });
  };

  return {
    meter: (app) => {
      app.decorateRequest('accounting', undefined);
      app.addHook('onRoute', ({ method, url, config }) => {
        if (config?.isMetered === false) return;
        for (const name of [method].flat()) preinitialise(boundMethod(name), url, ROUTE_STATUSES);
      });
      app.addHook('onRequest', (request, reply, done) => {
        const { config, url } = request.routeOptions;
        if (config.isMetered !== false) track(request, reply, url ?? UNKNOWN_ROUTE);
        done();
      });
    },
    track: (request, reply) => track(request, reply, UNKNOWN_ROUTE),
    freeze: () => rate.set(lastMinute.sum()),
  };
}
