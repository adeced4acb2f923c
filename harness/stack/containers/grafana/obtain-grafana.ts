import { HarnessError } from '#harness/errors/harness-error.ts';
import type { AbsentServer } from '#harness/stack/stack.ts';
import type { EngineAddress } from '../engine/docker-engine.ts';
import { missingImages } from '../images.ts';
import { type ObtainedImage, type ObtainImageOptions, obtainImage } from '../obtain-image.ts';

/** Grafana's image; or why the engine has none, since a stack may do without Grafana. */
export async function obtainGrafana(
  address: EngineAddress,
  image: string,
  { pull, ...options }: ObtainImageOptions & { pull: boolean },
): Promise<ObtainedImage | AbsentServer> {
  if (!pull && (await missingImages(address, [image], options.signal)).length > 0) {
    return { absent: `the engine has no image ${image}; --stack containers pulls it` };
  }
  try {
    return await obtainImage(address, image, options);
  } catch (error) {
    if (!(error instanceof HarnessError && error.code === 'H_STACK_IMAGE_MISSING')) throw error;
    const [why = ''] = error.message.split('\n');
    return { absent: why.charAt(0).toLowerCase() + why.slice(1).replace(/\s*\.$/, '') };
  }
}
