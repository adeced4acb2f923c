import { z } from 'zod';

const NONE = Buffer.alloc(0);

const bytes = z.union([
  z.string().transform((text) => Buffer.from(text)),
  z.instanceof(Uint8Array).transform((binary) => Buffer.from(binary)),
  z.null().transform(() => NONE),
]);

/** A body that was kept as its value: its white space is lost, its meaning is not. */
export const parsedBodySchema = z.json().transform((value) => Buffer.from(JSON.stringify(value)));

/** A body as VCR, vcrpy, go-vcr and what is built on them write it down. */
export const bodySchema = z.union([
  bytes,
  z
    .object({ base64_string: z.string() })
    .transform(({ base64_string: base64 }) => Buffer.from(base64, 'base64')),
  z.object({ string: bytes }).transform((body) => body.string),
  z
    .object({ type: z.literal('json'), content: parsedBodySchema })
    .transform(({ content }) => content),
  z.object({ type: z.string(), content: bytes }).transform(({ content }) => content),
]);
