import { anthropicShape } from './anthropic/anthropic-shape.ts';
import { openAiShape } from './openai/openai-shape.ts';
import type { Shape, ShapeName } from './shape.ts';
import type { Translation } from './translation.ts';

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
  throw new Error(`Nothing translates between ${client} and ${provider} yet.`);
}
