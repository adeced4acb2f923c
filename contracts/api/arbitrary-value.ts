import fc from 'fast-check';
import type { JsonSchema } from './openapi-document.ts';

/** A provider key that nobody stored: it must not come back from wherever it is put. */
export const CANARY = 'sk-tally-canary-0123456789abcdef';

/** Texts that are short and not empty, and that a database or a header may choke on. */
const ODD_TEXTS = ['a\0b', '\ud800', '\r\nx: y', ' ', '\u202e\u200f', '__proto__', 'null', '…'];

/** What nobody sends in good faith. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    -1,
    0.1,
    1e308,
    2 ** 53,
    [],
    {},
    true,
    'x'.repeat(100_000),
    { [CANARY]: CANARY },
    JSON.parse('{"__proto__": {"is_default": true}}'),
    { constructor: { prototype: {} } },
  ),
  fc.constantFrom(...ODD_TEXTS),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.jsonValue(),
);

/** Values that the schema accepts. Throws for a keyword that it does not know how to fill. */
export function validValue(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { anyOf, type } = schema;
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...schema['enum']);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(anyOf)) return fc.oneof(...anyOf.map((one) => validValue(one)));
  if (Array.isArray(type))
    return fc.oneof(...type.map((one) => validValue({ ...schema, type: one })));
  const make = MAKERS[String(type)];
  if (make === undefined)
    throw new RangeError(`No values are known for ${JSON.stringify(schema)}.`);
  return make(schema);
}

const MAKERS: Readonly<Record<string, (schema: JsonSchema) => fc.Arbitrary<unknown>>> = {
  undefined: () => fc.jsonValue(),
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  integer: (schema) => fc.integer(rangeOf(schema)),
  number: (schema) => fc.double({ ...rangeOf(schema), noNaN: true }),
  string: ({ pattern, format, minLength, maxLength }) => {
    if (format === 'uuid') return fc.uuid();
    if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
    const length = {
      ...(typeof minLength === 'number' && { minLength }),
      ...(typeof maxLength === 'number' && { maxLength: Math.min(maxLength, 300) }),
    };
    return fc.oneof(
      fc.string({ unit: 'grapheme', ...length }),
      fc.string({ unit: 'binary', ...length }),
      fc.constantFrom(...ODD_TEXTS),
    );
  },
  array: ({ items = {}, minItems }) =>
    fc.array(validValue(items as JsonSchema), {
      maxLength: 4,
      ...(typeof minItems === 'number' && { minLength: minItems }),
    }),
  object: ({ properties = {}, required = [] }) =>
    fc.record(
      Object.fromEntries(
        Object.entries(properties as Record<string, JsonSchema>).map(([name, property]) => [
          name,
          validValue(property),
        ]),
      ),
      { requiredKeys: required as string[] },
    ),
};

function rangeOf({ minimum, maximum }: JsonSchema): { min?: number; max?: number } {
  return {
    ...(typeof minimum === 'number' && { min: minimum }),
    ...(typeof maximum === 'number' && { max: maximum }),
  };
}

/** A good value with one place, somewhere inside, that holds something else or nothing. */
export function nearly(good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(good, fc.oneof(hostileValue, fc.constant(undefined)), fc.nat())
    .map(([value, other, place]) => {
      const copy = { root: structuredClone(value) };
      const places = listPlaces(copy);
      const [holder, name] = places[place % places.length] ?? [copy, 'root'];
      if (other === undefined) Reflect.deleteProperty(holder, name);
      else Reflect.set(holder, name, other);
      return copy.root;
    });
}

function listPlaces(holder: object): [object, string][] {
  return Object.entries(holder).flatMap(([name, value]): [object, string][] => [
    [holder, name],
    ...(typeof value === 'object' && value !== null ? listPlaces(value) : []),
  ]);
}
