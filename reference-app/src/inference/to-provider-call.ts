import type { ProviderCall } from '../providers/provider.ts';
import { translationBetween } from '../shapes/shapes.ts';
import type { Translation } from '../shapes/translation.ts';
import type { Running } from './inference.ts';

/** What is sent to the target, and what translates its answer back for the client, if anything. */
export function toProviderCall({ inference, target }: Running): {
  readonly call: ProviderCall;
  readonly translation: Translation | undefined;
} {
  const { shape, request, client } = inference;
  const { provider, model, credential } = target;
  const translation = translationBetween({ client: shape.name, provider: provider.shape });
  const asked = { ...request.body, model };
  return {
    call: {
      model,
      body: translation === undefined ? asked : translation.request(asked),
      apiKey: credential.apiKey,
      settings: credential.settings,
      signal: client.signal,
    },
    translation,
  };
}
