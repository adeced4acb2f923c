import type { z } from 'zod';
import { ApiError } from '../errors/api-error.ts';

/** Parses the body of an inference call. Throws ApiError 400 that names the place at fault. */
export function parseInferenceBody<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = issue?.path.join('.') ?? '';
  throw new ApiError({
    status: 400,
    message: `Invalid request body: ${param === '' ? '' : `${param}: `}${issue?.message ?? 'not valid'}.`,
    type: 'invalid_request_error',
    param: param === '' ? null : param,
    code: 'invalid_body',
  });
}
