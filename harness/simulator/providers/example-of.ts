import { z } from 'zod';

const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).min(1).optional(),
  anyOf: z.array(z.unknown()).min(1).optional(),
  // Google writes its types in capitals.
  type: z.union([z.string().toLowerCase(), z.array(z.string())]).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  minItems: z.number().optional(),
  minLength: z.number().optional(),
  minimum: z.number().optional(),
});

const DEPTH_MAX = 16;

/** A small value that a JSON schema accepts; of the schemas that APIs take for their answers. */
export function exampleOf(schema: unknown, root: unknown = schema, depth = 0): unknown {
  const said = schemaSchema.safeParse(schema).data;
  if (said === undefined || depth > DEPTH_MAX) {
    return {};
  }
  const inside = (part: unknown) => exampleOf(part, root, depth + 1);
  const { $ref, enum: values, anyOf, type, properties = {} } = said;
  if ($ref !== undefined) {
    return inside(follow($ref, root));
  }
  if (said.const !== undefined || values !== undefined) {
    return said.const ?? values?.[0];
  }
  if (anyOf !== undefined) {
    return inside(anyOf[0]);
  }
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return 'text'.padEnd(said.minLength ?? 0, '.');
    case 'number':
    case 'integer':
      return said.minimum ?? 0;
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'array':
      return Array.from({ length: said.minItems ?? 1 }, () => inside(said.items));
    default:
      return Object.fromEntries(
        Object.entries(properties).map(([name, part]) => [name, inside(part)]),
      );
  }
}

/** What a reference inside the document points at, e.g. "#/$defs/step". */
function follow(reference: string, root: unknown): unknown {
  return reference
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => Object(value)[key], root);
}
