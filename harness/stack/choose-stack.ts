import type { HarnessEnvironment } from '#harness/config/env.ts';
import { engineAddress, engineError } from './containers/find-engine.ts';
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
  const address = engineAddress(harness.env);
  try {
    const limit = AbortSignal.timeout(LOOK_TIMEOUT_MS);
    const missing = await missingImages(address, [postgres, prometheus], limit);
    if (missing.length === 0) {
      return {
        backend: 'containers',
        reason: `the Docker engine at ${address.host} has the images`,
      };
    }
    const reason = `the Docker engine at ${address.host} has no ${missing.join(' and no ')}; --stack containers pulls`;
    return { backend: 'embedded', reason };
  } catch (error) {
    const [reason = ''] = engineError(address, error).message.split('\n');
    return { backend: 'embedded', reason };
  }
}
