import { gunzipSync } from 'node:zlib';

/** A text in which a secret may show, and where in the bytes it was read from each part of it lies. */
export interface View {
  /** One character per byte. */
  readonly text: string;
  /** The byte ranges behind the characters from `start` to `end`. */
  rangesOf(start: number, end: number): readonly Range[];
}

/** From its first byte to the one after its last. */
export type Range = readonly [start: number, end: number];

/** The bytes as they are. */
export function plainView(bytes: Buffer): View {
  return { text: bytes.toString('latin1'), rangesOf: (start, end) => [[start, end]] };
}

/** A view, and all that is encoded in it, and in that again. */
export function* viewsOf(view: View, depth = 0): Generator<View> {
  yield view;
  if (depth >= DEPTH_MAX) return;
  for (const decode of DECODERS) {
    for (const decoded of decode(view)) yield* viewsOf(decoded, depth + 1);
  }
}

/** Three encodings, each of which may be two: what is compressed travels in base64. */
const DEPTH_MAX = 6;

const DECODERS: readonly ((view: View) => Iterable<View>)[] = [
  decodePercent,
  decodeBase64,
  decodeHex,
  decodeGzip,
  joinStrings,
];

/** Characters of a view, with where each of them came from. */
class ViewBuilder {
  readonly #characters: string[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** One character, and where it stands in the view that it is read from. */
  add(character: string, start: number, end: number): void {
    this.#characters.push(character);
    this.#starts.push(start);
    this.#ends.push(end);
  }

  build(from: View): View {
    const [starts, ends] = [this.#starts, this.#ends];
    const rangesOf = (start: number, end: number) => {
      const own = starts
        .slice(start, end)
        .map((at, index): Range => [at, ends[start + index] ?? at]);
      return joinAdjacent(own).flatMap((range) => from.rangesOf(...range));
    };
    return { text: this.#characters.join(''), rangesOf };
  }
}

function joinAdjacent(ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const [start, end] of ranges) {
    const last = joined.at(-1);
    if (last?.[1] === start) joined[joined.length - 1] = [last[0], end];
    else joined.push([start, end]);
  }
  return joined;
}

/** What may be part of a URL or a form; shorter than any key is not looked at. */
const URL_RUN = /[\x21\x23-\x7e]{8,}/g;
const PERCENT = /%([0-9a-f]{2})|[\s\S]/gi;

function* decodePercent(view: View): Generator<View> {
  for (const { 0: run, index } of view.text.matchAll(URL_RUN)) {
    if (!/%[0-9a-f]{2}/i.test(run)) continue;
    const builder = new ViewBuilder();
    for (const { 0: text, 1: code, index: at } of run.matchAll(PERCENT)) {
      const character = code === undefined ? text : characterOf(code);
      builder.add(character, index + at, index + at + text.length);
    }
    yield builder.build(view);
  }
}

function characterOf(hexCode: string): string {
  return String.fromCharCode(Number.parseInt(hexCode, 16));
}

/** Long enough for a key; a text may stand before what is encoded, so each of four starts is tried. */
const BASE64 = /[A-Za-z0-9+/_-]{20,}={0,2}/g;

function* decodeBase64(view: View): Generator<View> {
  for (const { 0: run, index } of view.text.matchAll(BASE64)) {
    for (let shift = 0; shift < 4; shift += 1) {
      const from = index + shift;
      const decoded = Buffer.from(run.slice(shift), 'base64');
      const rangesOf = (start: number, end: number) =>
        view.rangesOf(
          from + Math.floor((start * 4) / 3),
          from + Math.min(run.length - shift, Math.ceil((end * 4) / 3)),
        );
      yield { text: decoded.toString('latin1'), rangesOf };
    }
  }
}

const HEX = /(?:[0-9a-f]{2}){16,}/gi;

function* decodeHex(view: View): Generator<View> {
  for (const { 0: run, index } of view.text.matchAll(HEX)) {
    const rangesOf = (start: number, end: number) =>
      view.rangesOf(index + 2 * start, index + 2 * end);
    yield { text: Buffer.from(run, 'hex').toString('latin1'), rangesOf };
  }
}

const GZIP_BYTES_MAX = 64 * 1024 * 1024;

/** What is compressed can only be redacted as a whole. */
function* decodeGzip(view: View): Generator<View> {
  const start = view.text.indexOf('\x1f\x8b\x08');
  if (start < 0) return;
  try {
    const bytes = Buffer.from(view.text.slice(start), 'latin1');
    const options = { maxOutputLength: GZIP_BYTES_MAX };
    const text = gunzipSync(bytes, options).toString('latin1');
    yield { text, rangesOf: () => view.rangesOf(start, view.text.length) };
  } catch {
    // Three bytes that look like it are not always gzip.
  }
}

/**
 * Strings of JSON without their escapes, joined over the whole text by the name that they stand
 * under: a stream deals a text out in pieces. Once by name alone, and once by name and index, since
 * the pieces of several choices come in turn.
 */
function* joinStrings(view: View): Generator<View> {
  for (const pieces of groupStrings(view.text).values()) {
    // One piece without escapes was seen as it is.
    if (pieces.length === 1 && pieces[0]?.text.includes('\\') !== true) continue;
    const builder = new ViewBuilder();
    for (const piece of pieces) addUnescaped(builder, piece);
    yield builder.build(view);
  }
}

interface Piece {
  readonly text: string;
  readonly start: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none in its strings; what has some is no text.
const STRING = /"((?:[^"\\\x00-\x1f]|\\.)*)"(\s*:)?/g;
const INDEX = /"index"\s*:\s*\d+/g;

function groupStrings(text: string): Map<string, Piece[]> {
  const groups = new Map<string, Piece[]>();
  const add = (group: string, piece: Piece): void => {
    const pieces = groups.get(group);
    if (pieces === undefined) groups.set(group, [piece]);
    else pieces.push(piece);
  };
  let name = '';
  for (const { 0: line, index: lineStart } of text.matchAll(/.+/g)) {
    const places = line.match(INDEX)?.join();
    for (const { 1: string = '', 2: colon, index } of line.matchAll(STRING)) {
      const piece = { text: string, start: lineStart + index + 1 };
      if (colon !== undefined) {
        name = string;
        add(`name at ${piece.start}`, piece);
        continue;
      }
      add(name, piece);
      if (places !== undefined) add(`${name} ${places}`, piece);
    }
  }
  return groups;
}

const ESCAPE = /\\u([0-9a-f]{4})|\\(.)|[^\\]/gi;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function addUnescaped(builder: ViewBuilder, { text, start }: Piece): void {
  for (const { 0: raw, 1: code, 2: letter, index } of text.matchAll(ESCAPE)) {
    const plain = letter === undefined ? raw : (ESCAPED[letter] ?? letter);
    const at = start + index;
    builder.add(code === undefined ? plain : characterOf(code), at, at + raw.length);
  }
}
