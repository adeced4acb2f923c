/** The job of every slot. */
export const SLOT_JOB = 'service';

/** The job and the instance of the slot that scrapes Tally itself, apart from every service. */
export const OWN_JOB = 'tally';

/**
 * A scrape must fit its interval, also on a busy machine and of half a megabyte: at 100 ms many fail
 * there, and both services spend a third of a core on being scraped.
 */
export const SCRAPE_INTERVAL_DEFAULT_MS = 250;

export interface PrometheusConfigOptions {
  slots: readonly string[];
  /** Where the slots' scrapes go, whatever their target is called. */
  proxyUrl: string;
  scrapeIntervalMs: number;
  /** Files of alerts, as a pattern; there need be none. */
  ruleFiles?: string;
}

/** The configuration as JSON, which is YAML too. */
export function prometheusConfig({
  slots,
  proxyUrl,
  scrapeIntervalMs,
  ruleFiles,
}: PrometheusConfigOptions): string {
  const interval = `${scrapeIntervalMs}ms`;
  return JSON.stringify({
    global: {
      scrape_interval: interval,
      scrape_timeout: interval, // Prometheus allows no more than the interval.
      evaluation_interval: '1s',
    },
    ...(ruleFiles && { rule_files: [ruleFiles] }),
    scrape_configs: [
      {
        job_name: SLOT_JOB,
        proxy_url: proxyUrl,
        // Prometheus adds the port 80 to the address; the label keeps the bare name.
        static_configs: [
          ...slots.map((slot) => ({ targets: [slot], labels: { instance: slot } })),
          { targets: [OWN_JOB], labels: { job: OWN_JOB, instance: OWN_JOB } },
        ],
      },
    ],
  });
}
