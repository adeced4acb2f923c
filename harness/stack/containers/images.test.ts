import { expect, test } from 'vitest';
import { PINNED_VERSION } from '../embedded/prometheus/prometheus-version.ts';
import { stackImages } from './images.ts';

test('docker-compose.yml pins every image by a tag, and the Prometheus that others fetch', async () => {
  const images = await stackImages({});
  for (const image of Object.values(images)) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?$/);
  expect(images.prometheus).toBe(`prom/prometheus:v${PINNED_VERSION}`);
});

test('an image that is given takes the place of the one in docker-compose.yml', async () => {
  expect(await stackImages({ postgres: 'mirror/postgres:18' })).toMatchObject({
    postgres: 'mirror/postgres:18',
  });
});
