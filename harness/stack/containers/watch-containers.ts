import { z } from 'zod';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { type EngineAddress, followEngine } from './engine/docker-engine.ts';
import { SERVICE_LABEL, STACK_LABEL } from './remove-containers.ts';

/** Hears of servers that end by themselves, and of an engine that goes away. */
export interface ContainerWatch {
  /** Aborted, with a HarnessError, when either has happened. */
  readonly failure: AbortSignal;
  /** From now on ends are meant. */
  stop(): void;
}

const eventSchema = z.object({
  Actor: z.object({ Attributes: z.record(z.string(), z.string()) }),
});

/** Watches the stack's containers from now on. Throws when there is no engine. */
export async function watchContainers(
  address: EngineAddress,
  stackName: string,
): Promise<ContainerWatch> {
  const failing = new AbortController();
  const stopping = new AbortController();
  const filters = JSON.stringify({
    type: ['container'],
    event: ['die'],
    label: [`${STACK_LABEL}=${stackName}`],
  });
  const path = `/events?filters=${encodeURIComponent(filters)}`;
  const fail = (error: HarnessError): void => {
    if (!stopping.signal.aborted && !failing.signal.aborted) failing.abort(error);
  };
  const events = await followEngine(address, { path, signal: stopping.signal });
  const follow = async (): Promise<void> => {
    for await (const line of events) {
      const { Attributes } = eventSchema.parse(JSON.parse(line)).Actor;
      if (Attributes[SERVICE_LABEL] === undefined) fail(containerEnded(Attributes));
    }
    fail(engineLost(address));
  };
  follow().catch(() => fail(engineLost(address)));
  return {
    failure: failing.signal,
    stop: () => stopping.abort(),
  };
}

function containerEnded({ image, exitCode }: Readonly<Record<string, string>>): HarnessError {
  return new HarnessError(`The container of ${image} ended with exit code ${exitCode}.`, {
    code: 'H_STACK_CONTAINER_ENDED',
    fix: 'Find out who stopped it (docker events; out of memory is 137), then run again.',
  });
}

/** The engine answered before, and does not any more. */
export function engineLost({ host }: EngineAddress, cause?: unknown): HarnessError {
  return new HarnessError(`The Docker engine at ${host} went away while the stack ran.`, {
    code: 'H_STACK_ENGINE_LOST',
    fix: 'Start Docker again; the next run removes what this one left.',
    cause,
  });
}
