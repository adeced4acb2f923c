import {
  type ProviderAnswerError,
  ProviderCutError,
  ProviderUnreachableError,
} from './provider-error.ts';
import { watchContact } from './wire-contact.ts';

/**
 * Makes one call through an SDK and turns its errors into the service's. `readError` answers
 * undefined for an error that is no answer of the provider.
 */
export function reachProvider<T>(
  call: () => Promise<T>,
  readError: (error: unknown) => ProviderAnswerError | undefined,
): Promise<T> {
  return watchContact(async (contact) => {
    try {
      return await call();
    } catch (cause) {
      const answered = readError(cause);
      if (answered !== undefined) throw answered;
      throw contact.wasSent
        ? new ProviderCutError('The provider broke the connection off before it answered.', {
            cause,
          })
        : new ProviderUnreachableError('The provider could not be reached.', { cause });
    }
  });
}
