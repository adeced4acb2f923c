import { getContainerRuntimeClient, ImageName } from 'testcontainers';
import { z } from 'zod';
import { HarnessError } from '#harness/errors/harness-error.ts';
import { askEngine, type EngineAddress, type EngineAnswer } from './engine/docker-engine.ts';

const LOOK_TIMEOUT_MS = 10_000;
const PULL_TIMEOUT_MS = 300_000;

const imageSchema = z.object({
  Id: z.string(),
  Config: z.object({ Volumes: z.record(z.string(), z.unknown()).nullish() }),
});

/** An image that the engine has. */
export interface ObtainedImage {
  image: string;
  /** Its digest, which tells it from all others that had the name. */
  id: string;
  /** Where it keeps data, e.g. /prometheus. */
  volumes: string[];
}

export interface ObtainImageOptions {
  progress: (line: string) => void;
  signal: AbortSignal;
}

/** Pulls the image unless the engine has it. Throws H_STACK_IMAGE_MISSING. */
export async function obtainImage(
  address: EngineAddress,
  image: string,
  { progress, signal }: ObtainImageOptions,
): Promise<ObtainedImage> {
  let found = await inspect(address, image);
  if (found.status === 404) {
    progress(`containers: pulling ${image} (once)`);
    const problem = await pull(image, signal);
    found = await inspect(address, image);
    if (found.status === 404) throw imageMissing(image, problem ?? 'the pull brought nothing');
  }
  const { Id: id, Config } = imageSchema.parse(JSON.parse(found.body));
  return { image, id, volumes: Object.keys(Config.Volumes ?? {}) };
}

async function inspect(address: EngineAddress, image: string): Promise<EngineAnswer> {
  const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
  return await askEngine(address, { path: `/images/${image}/json`, signal });
}

/** With the credentials that `docker login` stored. Resolves with what went wrong. */
async function pull(image: string, signal: AbortSignal): Promise<string | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PULL_TIMEOUT_MS)]);
  const aborted = new Promise<string>((resolve) => {
    limit.addEventListener('abort', () => resolve(`no answer in ${PULL_TIMEOUT_MS} ms`));
  });
  const pulled = async (): Promise<string | undefined> => {
    try {
      const client = await getContainerRuntimeClient();
      await client.image.pull(ImageName.fromString(image));
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const problem = await Promise.race([pulled(), aborted]);
  signal.throwIfAborted();
  return problem;
}

function imageMissing(image: string, reason: string): HarnessError {
  return new HarnessError(
    `The image ${image} is not here and could not be pulled: ${reason.trim()}.`,
    {
      code: 'H_STACK_IMAGE_MISSING',
      fix: 'Bring it with docker pull or docker load, name another with --image or the TALLY_*_IMAGE variables, or use --stack embedded.',
    },
  );
}
