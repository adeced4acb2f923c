import { anthropicShape } from './anthropic/anthropic-shape.ts';
import { anthropicOverOpenAi } from './anthropic-over-openai/translation.ts';
import { openAiShape } from './openai/openai-shape.ts';
import { openAiOverAnthropic } from './openai-over-anthropic/translation.ts';
import type { Shape, ShapeName } from './shape.ts';
import type { Translation } from './translation.ts';

/** Of routes that ask no model. */
export const DEFAULT_SHAPE: ShapeName = 'openai';

/** The shape of an endpoint by its name. */
export function shapeNamed(name: ShapeName): Shape {
  return name === 'openai' ? openAiShape : anthropicShape;
}

/** What stands between a client and a provider; undefined when both speak the same shape. */
export function translationBetween({
  client,
  provider,
}: {
  readonly client: ShapeName;
  readonly provider: ShapeName;
}): Translation | undefined {
  if (client === provider) return undefined;
  return client === 'openai' ? openAiOverAnthropic : anthropicOverOpenAi;
}
