import { hostname } from 'node:os';
import { OWN_JOB } from '#harness/stack/prometheus/prometheus-config.ts';

/** The job by which somebody's Prometheus scrapes the services that Tally starts. */
export const EXTERNAL_JOB = 'tally-service';

// A run takes about eight, and leaves each at rest for a while.
const SLOTS = 24;

/** Names of the slots, as the job's targets have them. */
export const EXTERNAL_SLOTS: readonly string[] = Array.from(
  { length: SLOTS },
  (_, index) => `slot-${index}`,
);

/** The instances of all that is scraped: the slots, and Tally itself. */
export const EXTERNAL_INSTANCES: readonly string[] = [...EXTERNAL_SLOTS, OWN_JOB];

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
      - targets: [${OWN_JOB}]
        labels: { job: ${OWN_JOB} }
    relabel_configs: # Some versions add a port.
      - source_labels: [__address__]
        regex: '([a-z0-9-]+).*'
        target_label: instance
`;
}
