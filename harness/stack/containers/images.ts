import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { askEngine, type EngineAddress } from './engine/docker-engine.ts';

/** The one place that names the images and pins their versions. */
const COMPOSE_FILE = join(import.meta.dirname, '../../../docker-compose.yml');

const service = z.object({ image: z.string() });
const composeSchema = z.object({
  services: z.object({ postgres: service, prometheus: service, grafana: service }),
});

/** The image of each server of the stack. */
export type StackImages = Readonly<Record<'postgres' | 'prometheus' | 'grafana', string>>;

/** The images of docker-compose.yml, except where others are given. */
export async function stackImages(given: Partial<StackImages>): Promise<StackImages> {
  const { services } = composeSchema.parse(parse(await readFile(COMPOSE_FILE, 'utf8')));
  return {
    postgres: given.postgres ?? defaultOf(services.postgres.image),
    prometheus: given.prometheus ?? defaultOf(services.prometheus.image),
    grafana: given.grafana ?? defaultOf(services.grafana.image),
  };
}

/** Of "${VARIABLE:-image}", as the compose tool takes it while the variable is not set. */
function defaultOf(image: string): string {
  return /^\$\{\w+:-(.+)\}$/.exec(image)?.[1] ?? image;
}

/** Those of the images that the engine would have to pull. Throws when there is no engine. */
export async function missingImages(
  address: EngineAddress,
  images: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const looks = images.map(async (image) => {
    const path = `/images/${image}/json`;
    return (await askEngine(address, { path, signal })).status === 200 ? [] : [image];
  });
  return (await Promise.all(looks)).flat();
}
