import { hostname } from 'node:os';

/** The job by which somebody's Prometheus scrapes what Tally starts. */
export const EXTERNAL_JOB = 'tally';

// A run takes about eight, and leaves each at rest for a while.
const SLOTS = 24;

/** Names of the slots, as the job's targets have them. */
export const EXTERNAL_SLOTS: readonly string[] = Array.from(
  { length: SLOTS },
  (_, index) => `slot-${index}`,
);

/** Where Tally waits for the scrapes. */
export interface ScrapeListen {
  host: string;
  port: number;
}

/** What to add to the configuration of Prometheus, so that it scrapes through this address. */
export function scrapeJob({ host, port }: ScrapeListen): string {
  const isAnywhere = host === '0.0.0.0' || host === '::';
  const address = isAnywhere ? hostname() : host;
  return `scrape_configs:
  - job_name: ${EXTERNAL_JOB}
    scrape_interval: 1s
    proxy_url: http://${address.includes(':') ? `[${address}]` : address}:${port}
    static_configs:
      - targets: [${EXTERNAL_SLOTS.join(', ')}]
    relabel_configs: # Prometheus may add a port.
      - source_labels: [__address__]
        regex: '(slot-[0-9]+).*'
        target_label: instance
`;
}
