import { describe, expect, test } from 'vitest';
import { explainWriteFailure } from './cache-failure.ts';

describe('write failure', () => {
  test.for([
    [Object.assign(new Error('write failed'), { code: 'ENOSPC' }), 'H_STACK_DISK_FULL'],
    ['tar: x: Cannot write: No space left on device', 'H_STACK_DISK_FULL'],
    ['tar: -: Wrote only 2048 of 10240 bytes', 'H_STACK_DISK_FULL'],
    ["E: You don't have enough free space in /c/archives/.", 'H_STACK_DISK_FULL'],
    [Object.assign(new Error('mkdir'), { code: 'EROFS' }), 'H_STACK_CACHE_UNWRITABLE'],
    [Object.assign(new Error('open'), { code: 'EACCES' }), 'H_STACK_CACHE_UNWRITABLE'],
    ['initdb: error: could not read the template', undefined],
    [new Error('socket hang up'), undefined],
  ] as const)('%s is explained as %s', ([failure, code]) => {
    const explained = explainWriteFailure(failure, '/some/cache');
    expect(explained?.code).toBe(code);
    if (explained !== undefined) expect(explained.message).toContain('/some/cache');
  });
});
