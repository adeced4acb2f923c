import { expect, test } from 'vitest';
import { readingOf } from './reading.fixture.ts';
import { createReadingsWatch } from './watch-readings.ts';

const TEXT = `# TYPE requests_total counter
requests_total{route="/a"} 3
requests_total{route="/b"} 1
# TYPE wait_seconds histogram
wait_seconds_bucket{le="+Inf"} 2
wait_seconds_sum 0.5
wait_seconds_count 2
# TYPE busy gauge
busy 4
`;

function messagesAfter(...texts: readonly string[]): string[] {
  const watch = createReadingsWatch();
  for (const text of texts) watch.observe(readingOf(text));
  return watch.findings.map(({ message }) => message);
}

test.for([
  ['grows', TEXT.replace('"/a"} 3', '"/a"} 4')],
  ['is a gauge that falls', TEXT.replace('busy 4', 'busy 1')],
  ['is new', TEXT.replace('"/b"} 1', '"/b"} 1\nrequests_total{route="/c"} 0')],
] as const)('nothing is found where a series %s', ([, text]) => {
  expect(messagesAfter(TEXT, text)).toEqual([]);
});

test.for([
  [TEXT.replace('"/a"} 3', '"/a"} 2'), 'requests_total{route="/a"} went down from 3 to 2.'],
  [
    TEXT.replace('requests_total{route="/b"} 1\n', ''),
    'requests_total{route="/b"} vanished; it was 1.',
  ],
  [TEXT.replace('sum 0.5', 'sum 0.25'), 'wait_seconds_sum went down from 0.5 to 0.25.'],
] as const)('a counter that falls between two readings is found %#', ([text, message]) => {
  expect(messagesAfter(TEXT, text)).toEqual([expect.stringContaining(message)]);
});

test('a fall is told once, even when it was made good', () => {
  const fallen = TEXT.replace('"/a"} 3', '"/a"} 2');
  expect(messagesAfter(TEXT, fallen, TEXT, fallen)).toHaveLength(1);
});

test('another process starts anew, and the last reading of each is kept', () => {
  const watch = createReadingsWatch();
  watch.observe(readingOf(TEXT));
  watch.observe(readingOf(TEXT.replace('busy 4', 'busy 1')));
  watch.endProcess();
  const next = readingOf(TEXT.replace('"/a"} 3', '"/a"} 0'), 7);
  watch.observe(next);
  expect(watch.findings).toEqual([]);
  expect(watch.lastOfProcesses.map(({ text }) => text.match(/busy \d/)?.[0])).toEqual([
    'busy 1',
    'busy 4',
  ]);
  expect(watch.durationsMs).toEqual([1, 1, 7]);
});
