import { describe, expect, test } from 'vitest';
import { createStackName, judgeOwner } from './stack-name.ts';

describe('stack name', () => {
  test('tells that its maker lives', async () => {
    expect(await judgeOwner(await createStackName())).toBe('alive');
  });

  test('is new every time', async () => {
    expect(await createStackName()).not.toBe(await createStackName());
  });

  test('of a pid that another process has now belongs to the dead', async () => {
    const [tally, place, pid, startTime, random] = (await createStackName()).split('-');
    const earlier = [tally, place, pid, Number(startTime) - 1, random].join('-');
    expect(await judgeOwner(earlier)).toBe('dead');
  });

  test('of a pid that nobody has belongs to the dead', async () => {
    const [tally, place, , startTime, random] = (await createStackName()).split('-');
    expect(await judgeOwner([tally, place, 4_194_305, startTime, random].join('-'))).toBe('dead');
  });

  test('of another machine, boot or container cannot be judged', async () => {
    const [tally, place, ...rest] = (await createStackName()).split('-');
    const other = place === '000000' ? '000001' : '000000';
    expect(await judgeOwner([tally, other, ...rest].join('-'))).toBe('elsewhere');
  });

  test.for(['tally', 'tally-notes', 'tally-12ab34-1-1', 'x-tally-12ab34-1-1-123456'])(
    'is not "%s"',
    async (name) => {
      expect(await judgeOwner(name)).toBe('not-a-stack');
    },
  );
});
