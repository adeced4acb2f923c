import { HarnessError } from '#harness/errors/harness-error.ts';

// The last two are tar's words, GNU's and BSD's, for an output that takes no more.
const FULL =
  /ENOSPC|EDQUOT|no space left|disk quota exceeded|enough free space|wrote only \d+ of|write error/i;
const UNWRITABLE = /EACCES|EROFS|EPERM|ENOTDIR|permission denied|read-only file system/i;

/**
 * The HarnessError for a failure to write under `directory`, from an Error or a program's output;
 * undefined when the disk is not the reason.
 */
export function explainWriteFailure(failure: unknown, directory: string): HarnessError | undefined {
  const code = failure instanceof Error && 'code' in failure ? String(failure.code) : '';
  const text = `${code} ${failure instanceof Error ? failure.message : String(failure)}`;
  const cause = failure instanceof Error ? failure : undefined;
  if (FULL.test(text)) {
    return new HarnessError(`The disk is full: could not write under ${directory}.`, {
      code: 'H_STACK_DISK_FULL',
      fix: 'Free some space (about 500 MB), or set TALLY_CACHE_DIR to a folder on another disk.',
      cause,
    });
  }
  if (UNWRITABLE.test(text)) {
    return new HarnessError(`Could not write under ${directory}: ${text.trim()}.`, {
      code: 'H_STACK_CACHE_UNWRITABLE',
      fix: 'Make the folder writable, or set TALLY_CACHE_DIR to one that is.',
      cause,
    });
  }
  return undefined;
}
