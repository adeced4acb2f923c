import { setTimeout as pause } from 'node:timers/promises';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { ProcessLog } from '#harness/processes/process-log.ts';
import type { ServiceExit } from './service.ts';

// Each question costs a millisecond of the processor that the service starts on.
const POLL_MS = 25;
const LOG_LINES_SHOWN = 30;
const NOBODY = 'nothing listens';

export interface WaitUntilReadyOptions {
  name: string;
  /** The URL that answers 2xx once the service can serve. */
  url: string;
  timeoutMs: number;
  /** Resolves when the process ends; a service that runs elsewhere never does. */
  exited: Promise<ServiceExit>;
  log: ProcessLog;
  signal?: AbortSignal | undefined;
}

/** Polls until the service is ready. Throws H_SERVICE_EXITED or H_SERVICE_NOT_READY. */
export async function waitUntilReady(options: WaitUntilReadyOptions): Promise<void> {
  const { name, url, timeoutMs, log, signal } = options;
  const deadlineMs = performance.now() + timeoutMs;
  let exit: ServiceExit | undefined;
  void options.exited.then((ended) => {
    exit = ended;
  });
  let lastAnswer = NOBODY;
  while (performance.now() < deadlineMs) {
    signal?.throwIfAborted();
    if (exit !== undefined) {
      throw new HarnessError(
        `The service "${name}" ended before it was ready (${howItEnded(exit)}).\n${shownLog(log)}`,
        {
          code: 'H_SERVICE_EXITED',
          fix: 'Correct what its log says; its command (or image) and environment are those of tally.config.ts.',
        },
      );
    }
    const answer = await ask(url, Math.max(1, Math.ceil(deadlineMs - performance.now())));
    if (answer === 'ready') return;
    // The end of the time is no answer: what was answered before it says more.
    if (performance.now() < deadlineMs || lastAnswer === NOBODY) lastAnswer = answer;
    await pause(POLL_MS);
  }
  throw new HarnessError(
    `The service "${name}" was not ready within ${timeoutMs} ms: GET ${url}: ${lastAnswer}.\n${shownLog(log)}`,
    {
      code: 'H_SERVICE_NOT_READY',
      fix: 'Correct what its log says, or raise service.readyTimeoutMs in tally.config.ts.',
    },
  );
}

function howItEnded({ code, signal, problem }: ServiceExit): string {
  return problem ?? `exit code ${code ?? signal}`;
}

async function ask(url: string, timeoutMs: number): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    await response.arrayBuffer();
    return response.ok ? 'ready' : `status ${response.status}`;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return error.cause instanceof Error ? error.cause.message : error.message;
  }
}

function shownLog(log: ProcessLog): string {
  if (log.lines.length === 0) return 'It wrote nothing to its log.';
  return `Its last log lines:\n${log.tail(LOG_LINES_SHOWN)}`;
}
