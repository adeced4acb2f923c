import type { HarnessEnvironment } from '#harness/config/env.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import type { EngineAddress } from './containers/engine/docker-engine.ts';
import { engineAddress } from './containers/engine/engine-address.ts';
import { engineError } from './containers/engine/find-engine.ts';
import { missingImages, stackImages } from './containers/images.ts';

export const BACKENDS = ['embedded', 'containers', 'external'] as const;
export type Backend = (typeof BACKENDS)[number];

/** Which backend, and why: the reason is shown. */
export interface StackChoice {
  backend: Backend;
  reason: string;
}

// Whoever has no Docker must not wait for it, and whoever has one gets its answer within a few ms.
const LOOK_TIMEOUT_MS = 250;
// An engine on another machine was named by somebody, and its handshake for TLS takes some round trips.
const FAR_LOOK_TIMEOUT_MS = 2_000;

interface Surroundings extends Pick<HarnessEnvironment, 'env' | 'images'> {
  /** The service is to run in containers of it. */
  serviceImage?: string | undefined;
  external: Pick<HarnessEnvironment['external'], 'databaseUrl' | 'prometheus'>;
}

/**
 * The backend that was asked for; else containers for a service in containers, external where URLs
 * of servers are given, containers where an engine has the images (nothing is pulled unasked), or
 * embedded.
 */
export async function chooseStack(harness: Surroundings, asked?: Backend): Promise<StackChoice> {
  if (asked !== undefined) return { backend: asked, reason: 'asked for with --stack' };
  const { external, serviceImage } = harness;
  if (serviceImage !== undefined) {
    return { backend: 'containers', reason: 'as the service does' };
  }
  // A DATABASE_URL alone is more likely meant for the service than for Tally.
  if (external.databaseUrl !== undefined && external.prometheus !== undefined) {
    return { backend: 'external', reason: 'DATABASE_URL and PROMETHEUS_URL are given' };
  }
  const { postgres, prometheus } = await stackImages(harness.images);
  try {
    return await judgeEngine(engineAddress(harness.env), [postgres, prometheus]);
  } catch (error) {
    // Not even an address that cannot be used stops whoever did not ask for containers.
    if (!(error instanceof HarnessError)) throw error;
    const [reason = ''] = error.message.split('\n');
    return { backend: 'embedded', reason };
  }
}

/** Throws a HarnessError where no engine answers in time. */
async function judgeEngine(
  address: EngineAddress,
  images: readonly string[],
): Promise<StackChoice> {
  const { host, passedOver } = address;
  const isNear = host.startsWith('unix:');
  const limit = AbortSignal.timeout(isNear ? LOOK_TIMEOUT_MS : FAR_LOOK_TIMEOUT_MS);
  const missing = await missingImages(address, images, limit).catch((error: unknown) => {
    throw engineError(address, error);
  });
  const note = passedOver === undefined ? '' : `; ${passedOver}`;
  if (missing.length === 0) {
    return { backend: 'containers', reason: `the Docker engine at ${host} has the images${note}` };
  }
  const lack = `has no ${missing.join(' and no ')}; --stack containers pulls`;
  return { backend: 'embedded', reason: `the Docker engine at ${host} ${lack}${note}` };
}
