import { describe, expect, test } from 'vitest';
import { runCommand } from './run-command.ts';

describe('runCommand', () => {
  const where = { cwd: process.cwd(), env: {} };

  test('gives the command its input and resolves when it succeeded', async () => {
    const script = `
      let text = '';
      process.stdin.on('data', (part) => { text += part; });
      process.stdin.on('end', () => process.exit(text === 'hello' ? 0 : 1));
    `;
    await expect(
      runCommand({ ...where, command: ['node', '-e', script], input: 'hello' }),
    ).resolves.toBeUndefined();
  });

  test('shows the end of the output of a command that failed', async () => {
    const command = ['node', '-e', 'console.log("relation exists"); process.exit(3)'] as const;
    await expect(runCommand({ ...where, command })).rejects.toMatchObject({
      code: 'H_SERVICE_COMMAND',
      message: expect.stringMatching(/exit code 3[\s\S]*relation exists/),
    });
  });

  test('ends a command that takes too long', async () => {
    const command = ['node', '-e', 'setInterval(() => {}, 1000)'] as const;
    await expect(runCommand({ ...where, command, timeoutMs: 200 })).rejects.toThrow(
      'took longer than 200 ms',
    );
  });
});
