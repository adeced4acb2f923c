import { isJsonObject, type JsonObject } from '../shapes/json-object.ts';
import { ProviderCutError } from './provider-error.ts';

/** The whole body of an answer. Throws ProviderCutError when it breaks off. */
export async function readText(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw new ProviderCutError('The connection to the provider broke off.', {
      cause,
      status: response.status,
    });
  }
}

/** The JSON object of an answer or an event. Throws ProviderCutError for anything else. */
export function parseJsonObject(text: string, status?: number): JsonObject {
  const options = status === undefined ? {} : { status };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ProviderCutError('The provider sent no complete JSON.', { cause, ...options });
  }
  if (isJsonObject(value)) return value;
  throw new ProviderCutError('The provider sent JSON that is no object.', options);
}
