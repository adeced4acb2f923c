import { openAiShape } from './openai/openai-shape.ts';
import type { Shape, ShapeName } from './shape.ts';
import type { Translation } from './translation.ts';

/** Of routes that ask no model. */
export const DEFAULT_SHAPE: ShapeName = 'openai';

/** The shape of an endpoint by its name. */
export function shapeNamed(name: ShapeName): Shape {
  if (name === 'openai') return openAiShape;
  throw new Error(`The service does not speak the ${name} shape yet.`);
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
