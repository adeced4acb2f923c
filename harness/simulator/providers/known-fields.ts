/**
 * The fields that a provider's answers are known to have, by the place that holds them: '' is the
 * answer or event itself, 'choices[]' each element of its choices. What stands in a place that is
 * not listed is free-form (arguments of a tool, scores by name). Names are parted by blanks.
 */
export type KnownFields = Readonly<Record<string, string>>;

/** Fields of a payload that are not known, e.g. "choices[].sentiment"; sorted, each once. */
export function findUnknownFields(known: KnownFields, payload: unknown): string[] {
  return [...new Set(unknownBelow(known, '', payload))].sort();
}

function unknownBelow(known: KnownFields, place: string, value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => unknownBelow(known, `${place}[]`, item));
  }
  const fields = known[place]?.split(' ');
  if (typeof value !== 'object' || value === null || fields === undefined) {
    return [];
  }
  return Object.entries(value).flatMap(([field, inside]) => {
    const path = place === '' ? field : `${place}.${field}`;
    return fields.includes(field) ? unknownBelow(known, path, inside) : [path];
  });
}
