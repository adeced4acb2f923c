import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { splitEvents } from './sse.ts';

describe('events of a stream', () => {
  test('end after their blank line, with line feeds or with carriage returns', () => {
    expect(splitEvents(Buffer.from('data: a\n\ndata: ä\n\n'))).toEqual([
      { data: 'a', end: 9 },
      { data: 'ä', end: 19 },
    ]);
    expect(splitEvents(Buffer.from('data: a\r\n\r\ndata:b\r\n\r\n'))).toEqual([
      { data: 'a', end: 11 },
      { data: 'b', end: 21 },
    ]);
  });

  test('have the data of several lines, and none from other fields', () => {
    const [event] = splitEvents(Buffer.from('event: x\ndata: {"a":\ndata: 1}\nid: 7\n\n'));
    expect(event?.data).toBe('{"a":\n1}');
  });

  test('without their blank line are left over', () => {
    expect(splitEvents(Buffer.from('data: a\n\ndata: b\n'))).toEqual([{ data: 'a', end: 9 }]);
    expect(splitEvents(Buffer.from(''))).toEqual([]);
  });

  test('cover every byte of a complete stream', () => {
    const line = fc.string().filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), (lines, end) => {
        const bytes = Buffer.from(lines.map((text) => `data: ${text}${end}${end}`).join(''));
        const events = splitEvents(bytes);
        expect(events.map(({ data }) => data)).toEqual(lines);
        expect(events.at(-1)?.end ?? 0).toBe(bytes.length);
      }),
    );
  });
});
