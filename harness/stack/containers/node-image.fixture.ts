import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getContainerRuntimeClient } from 'testcontainers';
import { address, harness, notHere } from './containers-here.fixture.ts';
import { askEngine } from './engine/docker-engine.ts';
import { stackImages } from './images.ts';

const ENGINE_TIMEOUT_MS = 10_000;

/** Why no image can be made here; undefined when one can. */
export const noNodeImage =
  process.platform === 'linux'
    ? notHere
    : 'the image would hold the Node of this machine, which is no Linux';

/** Makes an image that runs this TypeScript file with the Node of this machine, which is /node. */
export async function buildNodeImage(tag: string, script: URL, program = '/node'): Promise<void> {
  const { postgres } = await stackImages(harness.images);
  const folder = await mkdtemp(join(tmpdir(), 'image-'));
  await Promise.all([
    copyFile(process.execPath, join(folder, 'node')),
    copyFile(script, join(folder, 'script.mts')),
    writeFile(
      join(folder, 'Dockerfile'),
      // It has the libraries that Node needs.
      `FROM ${postgres}\nCOPY node script.mts /\nENTRYPOINT ["${program}", "/script.mts"]\nCMD []\nHEALTHCHECK CMD ["/node", "--eval", ""]\n`,
    ),
  ]);
  const { image } = await getContainerRuntimeClient();
  await image.build(folder, { t: tag, dockerfile: 'Dockerfile' });
  await rm(folder, { recursive: true });
}

export async function removeImage(tag: string): Promise<void> {
  const signal = AbortSignal.timeout(ENGINE_TIMEOUT_MS);
  await askEngine(address, { method: 'DELETE', path: `/images/${tag}?force=1`, signal });
}
