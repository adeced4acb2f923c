import { describe, expect, test } from 'vitest';
import { processEnvironment } from '#harness/config/env.ts';
import type { Command, TallyConfig } from '#harness/config/tally-config.ts';
import { type WantedImageOptions, wantedImage } from './wanted-image.ts';

describe('wantedImage', () => {
  test('is none where the service runs as a process, and builds nothing then', async () => {
    expect(await wantedImage(asked({}, printing('process.exit(1)')))).toBeUndefined();
  });

  test('is the one that is named', async () => {
    expect(await wantedImage(asked({ image: 'byom:1.2' }))).toBe('byom:1.2');
  });

  test('is what the building command prints last', async () => {
    const command = printing('console.log("step 1\\nsha256:0532"); console.error("a warning")');
    expect(await wantedImage(asked({ image: true }, command))).toBe('sha256:0532');
  });

  test('shows the output of a command that builds none', async () => {
    const command = printing('console.error("no space left"); process.exit(3)');
    await expect(wantedImage(asked({ image: true }, command))).rejects.toMatchObject({
      code: 'H_SERVICE_IMAGE_BUILD',
      message: expect.stringMatching(/ended with exit code 3\.\nIts last output:\nno space left\n/),
    });
  });

  test.for(['', 'console.log("built it well")'])(
    'refuses a command that names none: %j',
    async (script) => {
      await expect(wantedImage(asked({ image: true }, printing(script)))).rejects.toMatchObject({
        code: 'H_SERVICE_IMAGE_BUILD',
        message: expect.stringContaining('printed no image id as its last line'),
      });
    },
  );

  test('says how to name one where nothing builds it', async () => {
    await expect(wantedImage(asked({ image: true }))).rejects.toMatchObject({
      code: 'H_SERVICE_IMAGE_UNNAMED',
    });
  });

  test.for(['embedded', 'external'] as const)(
    'is refused beside the stack "%s", which containers do not reach',
    async (backend) => {
      await expect(wantedImage(asked({ image: 'byom:1.2', backend }))).rejects.toMatchObject({
        code: 'H_SERVICE_IMAGE_PLACE',
        message: expect.stringContaining(`"${backend}"`),
      });
    },
  );
});

function printing(script: string): Command {
  return [process.execPath, '-e', script];
}

function asked(
  options: Pick<WantedImageOptions, 'image' | 'backend'>,
  buildImage?: Command,
): WantedImageOptions {
  const config = { service: { buildImage } } as unknown as TallyConfig;
  const harness = { env: processEnvironment() };
  return { config, root: process.cwd(), harness, progress: () => undefined, ...options };
}
