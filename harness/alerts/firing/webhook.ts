import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

/** What Alertmanager tells a webhook of one alert. */
export interface Delivery {
  /** Path of the webhook's URL. */
  path: string;
  receiver: string;
  status: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
}

const strings = z.record(z.string(), z.string());
const notification = z.object({
  receiver: z.string(),
  alerts: z.array(z.object({ status: z.string(), labels: strings, annotations: strings })),
});

/** A webhook on a free loopback port. */
export interface Webhook extends AsyncDisposable {
  readonly url: string;
  /** The first delivery, now or later, that is the wanted one. Rejects when `signal` aborts. */
  waitFor(isWanted: (delivery: Delivery) => boolean, signal: AbortSignal): Promise<Delivery>;
}

export async function startWebhook(): Promise<Webhook> {
  const deliveries: Delivery[] = [];
  const arrivals = new EventTarget();
  const server = createServer((request, response) => {
    json(request)
      .then((body) => {
        const { receiver, alerts } = notification.parse(body);
        const path = request.url ?? '';
        deliveries.push(...alerts.map((alert) => ({ path, receiver, ...alert })));
        arrivals.dispatchEvent(new Event('arrival'));
        response.end();
      })
      .catch(() => response.writeHead(400).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async waitFor(isWanted, signal) {
      for (;;) {
        const found = deliveries.find(isWanted);
        if (found !== undefined) return found;
        await once(arrivals, 'arrival', { signal });
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
