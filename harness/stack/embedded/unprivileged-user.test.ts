import { describe, expect, test } from 'vitest';
import { findUnprivilegedUser, parseNobody } from './unprivileged-user.ts';

describe('unprivileged user', () => {
  test('is "nobody", with the ids of /etc/passwd', () => {
    const passwd =
      'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65533:nobody:/nonexistent:/bin/false\n';
    expect(parseNobody(passwd)).toEqual({ uid: 65_534, gid: 65_533 });
  });

  test('is missing where there is no "nobody"', () => {
    expect(parseNobody('root:x:0:0::/root:/bin/sh\nnobody2:x:5:5::/:/bin/sh\n')).toBeUndefined();
  });

  test('is needed by root only', async () => {
    const user = await findUnprivilegedUser();
    expect(user === undefined).toBe(process.getuid?.() !== 0);
  });
});
