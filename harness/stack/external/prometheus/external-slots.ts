import { HarnessError } from '#harness/errors/harness-error.ts';
import { pollUntil } from '#harness/metrics/poll-until.ts';
import type { PromqlClient } from '#harness/metrics/promql-client.ts';
import { OWN_JOB } from '#harness/stack/prometheus/prometheus-config.ts';
import { openSlot, type ScrapeSlots } from '#harness/stack/prometheus/scrape-slots.ts';
import type { SlotProxy } from '#harness/stack/prometheus/slot-proxy.ts';
import { EXTERNAL_JOB, EXTERNAL_SLOTS } from './scrape-job.ts';

// A query that looks back, e.g. over the last minute, must not meet an earlier run in its slot.
const REST = '2m';
const POLL_MS = 1_000;
const TIMEOUT_MS = 180_000;

export interface ExternalSlotsOptions {
  proxy: SlotProxy;
  promql: PromqlClient;
  progress: (line: string) => void;
  /** Ends the waiting for a slot. */
  signal: AbortSignal | undefined;
}

/** Gives each slot once, and only when nothing was seen in it for two minutes. */
export function createExternalSlots(options: ExternalSlotsOptions): ScrapeSlots {
  const { proxy, promql, progress, signal } = options;
  const taken = new Set<string>();

  async function findRested(limit: AbortSignal): Promise<string | undefined> {
    const query = `max by (instance) (max_over_time(up{job="${EXTERNAL_JOB}"}[${REST}]))`;
    const rows = await promql.instant(query, { signal: limit });
    const rested = new Set(
      rows.flatMap(({ labels, value }) => (value === 0 ? (labels['instance'] ?? []) : [])),
    );
    const slot = EXTERNAL_SLOTS.find((name) => rested.has(name) && !taken.has(name));
    if (slot !== undefined) taken.add(slot);
    return slot;
  }

  return {
    own: openSlot({ job: OWN_JOB, name: OWN_JOB }, proxy, () => undefined),
    claim: async () => {
      if (taken.size === EXTERNAL_SLOTS.length) throw noFreeSlot('this run has taken them all');
      let isFirst = true;
      const name = await pollUntil(
        async (limit) => {
          const slot = await findRested(limit);
          if (slot === undefined && isFirst) progress('waiting for a scrape slot of earlier runs');
          isFirst = false;
          return slot;
        },
        {
          everyMs: POLL_MS,
          timeoutMs: TIMEOUT_MS,
          signal,
          onTimeout: () => noFreeSlot(`none was at rest for ${REST}`),
        },
      );
      return openSlot({ job: EXTERNAL_JOB, name }, proxy, () => undefined);
    },
  };
}

function noFreeSlot(why: string): HarnessError {
  return new HarnessError(`There is no free scrape slot among ${EXTERNAL_SLOTS.length}: ${why}.`, {
    code: 'H_STACK_NO_FREE_SLOT',
    fix: 'Wait two minutes, and let no other Tally run against the same scrape job.',
  });
}
