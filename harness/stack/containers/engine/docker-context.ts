import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

type Environment = Readonly<Record<string, string | undefined>>;

const configSchema = z.object({ currentContext: z.string().optional() });
const metaSchema = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) });

/**
 * The context in which the command `docker` would speak to another engine than the one at `host`, as
 * part of a sentence; undefined when it would not. Asked only while DOCKER_HOST is not set, which goes
 * before any context.
 */
export function passedOverContext(env: Environment, host: string): string | undefined {
  const folder = env['DOCKER_CONFIG'] || join(env['HOME'] ?? '/', '.docker');
  const context =
    env['DOCKER_CONTEXT'] || readJson(join(folder, 'config.json'), configSchema)?.currentContext;
  if (!context || context === 'default') return undefined;
  const id = createHash('sha256').update(context).digest('hex');
  const meta = readJson(join(folder, 'contexts/meta', id, 'meta.json'), metaSchema);
  const named = meta?.Endpoints.docker.Host;
  if (named === host) return undefined;
  return `Docker's context "${context}" (${named ?? 'unreadable'}) is not followed, only DOCKER_HOST is`;
}

/** Undefined for what is not there or is something else: these files are Docker's own. */
function readJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): z.infer<Schema> | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
