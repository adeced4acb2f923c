import { setTimeout as pause } from 'node:timers/promises';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { ScrapeSlot } from '#harness/stack/stack.ts';
import { OWN_JOB, SLOT_JOB } from './prometheus-config.ts';
import { queryInstant } from './query-instant.ts';
import type { SlotProxy } from './slot-proxy.ts';

const POLL_MS = 20;
const STALE_TIMEOUT_MS = 10_000;
// Prometheus may move a scrape's timestamp by a little, so that the distances stay even.
const TIMESTAMP_TOLERANCE_MS = 3;

export interface ScrapeSlotsOptions {
  names: readonly string[];
  proxy: SlotProxy;
  prometheusUrl: string;
}

/** The slots of one Prometheus. */
export interface ScrapeSlots {
  /** Takes the slot that has been free the longest. Throws H_STACK_NO_FREE_SLOT. */
  claim(): Promise<ScrapeSlot>;
  /** The slot of Tally's own metrics. */
  readonly own: ScrapeSlot;
}

interface FreeSlot {
  name: string;
  /** When its last user's series ended; undefined when none was ever scraped. */
  detachedAtMs?: number;
}

export function createScrapeSlots(options: ScrapeSlotsOptions): ScrapeSlots {
  const { names, proxy } = options;
  const free: FreeSlot[] = names.map((name) => ({ name }));
  return {
    own: openSlot({ job: OWN_JOB, name: OWN_JOB }, proxy, () => undefined),
    claim: async () => {
      const slot = free.shift();
      if (slot === undefined) throw noFreeSlot(names.length);
      try {
        await waitUntilStale(slot, options);
      } catch (error) {
        free.push(slot);
        throw error;
      }
      return openSlot({ job: SLOT_JOB, name: slot.name }, proxy, (detachedAtMs) => {
        free.push(
          detachedAtMs === undefined ? { name: slot.name } : { name: slot.name, detachedAtMs },
        );
      });
    },
  };
}

/** A slot of the proxy. `giveBack` hears once when it was detached; undefined if never scraped. */
export function openSlot(
  { job, name }: { job: string; name: string },
  proxy: SlotProxy,
  giveBack: (detachedAtMs: number | undefined) => void,
): ScrapeSlot {
  let isReleased = false;
  const release = async (): Promise<void> => {
    if (isReleased) return;
    isReleased = true;
    proxy.detach(name);
    // A slot that was never scraped has no series to end.
    giveBack(proxy.hasForwarded(name) ? Date.now() : undefined);
  };
  return {
    selector: `job="${job}",instance="${name}"`,
    pointTo: (metricsUrl, headers) => {
      if (isReleased) throw releasedSlot(name);
      proxy.pointTo(name, new URL(metricsUrl), headers);
    },
    detach: () => {
      if (!isReleased) proxy.detach(name);
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}

/** Waits until a scrape that began after the slot was detached has ended its series. */
async function waitUntilStale(
  { name, detachedAtMs }: FreeSlot,
  { prometheusUrl }: ScrapeSlotsOptions,
): Promise<void> {
  if (detachedAtMs === undefined) return;
  const deadlineMs = performance.now() + STALE_TIMEOUT_MS;
  const query = `timestamp(up{job="${SLOT_JOB}",instance="${name}"} == 0)`;
  while (performance.now() < deadlineMs) {
    const [seconds = 0] = await queryInstant(prometheusUrl, query).catch(() => []);
    if (seconds * 1_000 > detachedAtMs + TIMESTAMP_TOLERANCE_MS) return;
    await pause(POLL_MS);
  }
  throw new HarnessError(
    `The released slot ${name} was not scraped within ${STALE_TIMEOUT_MS} ms.`,
    {
      code: 'H_STACK_NO_FREE_SLOT',
      fix: 'Look whether Prometheus still runs and the machine is not overloaded.',
    },
  );
}

function noFreeSlot(count: number): HarnessError {
  return new HarnessError(`All ${count} scrape slots are taken.`, {
    code: 'H_STACK_NO_FREE_SLOT',
    fix: 'Release slots that are no longer used, or start the stack with more of them.',
  });
}

function releasedSlot(name: string): HarnessError {
  return new HarnessError(`The slot ${name} was pointed to a service after it was released.`, {
    code: 'H_STACK_SLOT_RELEASED',
    fix: 'Claim a slot of its own for every service.',
  });
}
