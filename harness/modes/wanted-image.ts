import type { HarnessEnvironment } from '#harness/config/env.ts';
import type { TallyConfig } from '#harness/config/tally-config.ts';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { buildImage } from '#harness/service/build-image.ts';
import type { Backend } from '#harness/stack/choose-stack.ts';

export interface WantedImageOptions {
  config: TallyConfig;
  root: string;
  harness: Pick<HarnessEnvironment, 'env'>;
  /** A name, or true for the one that the configuration builds. */
  image?: string | true | undefined;
  backend?: Backend | undefined;
  progress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * The image that the service is to run in, built where it has to be; undefined where the service
 * runs as a process. Throws H_SERVICE_IMAGE_* before anything was started.
 */
export async function wantedImage(options: WantedImageOptions): Promise<string | undefined> {
  const { config, root, harness, image, backend = 'containers', progress, signal } = options;
  if (image === undefined) return undefined;
  if (backend !== 'containers') {
    throw new HarnessError(`An image of the service cannot run beside the stack "${backend}".`, {
      code: 'H_SERVICE_IMAGE_PLACE',
      fix: 'Use --stack containers, whose servers a container reaches, or leave --image out.',
    });
  }
  if (image !== true) return image;
  const { buildImage: command, cwd = root } = config.service;
  if (command === undefined) {
    throw new HarnessError('--image names no image, and service.buildImage builds none.', {
      code: 'H_SERVICE_IMAGE_UNNAMED',
      fix: "Name one (--image byom:1.2), or give service.buildImage, e.g. ['docker', 'build', '--quiet', '.'].",
    });
  }
  progress(`image: ${command.join(' ')}`);
  return await buildImage({ command, cwd, env: harness.env, signal });
}
