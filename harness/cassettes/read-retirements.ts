import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { HarnessError } from '#harness/errors/harness-error.ts';

const priceTableSchema = z.object({
  entries: z.array(
    z.object({ provider: z.string(), model: z.string(), retiredOn: z.iso.date().optional() }),
  ),
});

/**
 * The day of retirement by `<provider>/<model>`, from a price table.
 * @throws HarnessError H_CONFIG_INVALID when the file is none
 */
export async function readRetirements(file: string): Promise<Map<string, string>> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => fail(file, cause));
  try {
    const { entries } = priceTableSchema.parse(JSON.parse(text));
    return new Map(
      entries.flatMap(({ provider, model, retiredOn }) =>
        retiredOn === undefined ? [] : [[`${provider}/${model}`, retiredOn]],
      ),
    );
  } catch (cause) {
    return fail(file, cause);
  }
}

function fail(file: string, cause: unknown): never {
  const said = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
  throw new HarnessError(`${file} is not a price table that can be read: ${said}`, {
    code: 'H_CONFIG_INVALID',
    fix: 'Correct the file, or its path in `prices` of the configuration.',
    cause,
  });
}
