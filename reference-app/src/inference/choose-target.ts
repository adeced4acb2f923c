import type { FallbackReason } from '../accounting/usage-event.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { FindCredential, FoundCredential } from '../credentials/find-credential.ts';
import { ApiError } from '../errors/api-error.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import type { Inference, Target } from './inference.ts';

export interface TargetDependencies {
  readonly catalogue: Catalogue;
  readonly findCredential: FindCredential;
  readonly registry: ProviderRegistry;
  /** What a fallback to another provider asks for; undefined: there is no such fallback. */
  readonly systemDefaultModel: string | undefined;
}

/** What a call asks for, before anybody knows whose key will pay. */
interface Wish {
  readonly provider: string;
  readonly model: string;
}

export interface Targets {
  readonly first: Target;
  /** The system's target after the first one failed; undefined when there is none. */
  fallback(reason: FallbackReason): Target | undefined;
}

/** The reasons that lie with the key: the system's own key may do better at the same provider. */
const KEY_REASONS: readonly FallbackReason[] = ['no_credential', 'invalid_key', 'rate_limited'];

/** Finds where a call goes. Throws ApiError 400 or 404 when nobody's key may pay for it. */
export async function chooseTargets(
  { request, userId, credentialId }: Inference,
  dependencies: TargetDependencies,
): Promise<Targets> {
  const { catalogue, findCredential } = dependencies;
  const asked = request.model === undefined ? undefined : catalogue.locate(request.model);
  const found = await findCredential({ userId, providers: asked?.providers ?? [], credentialId });
  const wish: Wish = {
    provider: found.provider,
    model: asked?.name ?? found.credential?.settings.default_model ?? refuseWithoutModel(),
  };
  const fallback = (reason: FallbackReason): Target | undefined =>
    found.mayUseSystem ? systemTarget(wish, reason, dependencies) : undefined;
  if (found.credential === undefined) {
    const first = fallback('no_credential') ?? refuseWithoutCredential(found);
    return { first, fallback: () => undefined };
  }
  const provider = providerNamed(found.provider, dependencies.registry);
  const { model } = wish;
  const first = { provider, model, credential: found.credential, fallback: undefined };
  return { first, fallback };
}

function systemTarget(
  wish: Wish,
  reason: FallbackReason,
  { catalogue, registry, systemDefaultModel }: TargetDependencies,
): Target | undefined {
  const at = ({ provider, model }: Wish): Target | undefined => {
    const entry = registry.get(provider);
    if (entry?.systemKey === undefined) return undefined;
    const credential = { source: 'system' as const, apiKey: entry.systemKey, settings: {} };
    const fallback = { from: wish.provider, reason };
    return { provider: entry.provider, model, credential, fallback };
  };
  const sameProvider = KEY_REASONS.includes(reason) ? at(wish) : undefined;
  if (sameProvider !== undefined) return sameProvider;
  const other =
    systemDefaultModel === undefined ? undefined : catalogue.resolve(systemDefaultModel);
  return other === undefined || other.provider === wish.provider
    ? undefined
    : at({ provider: other.provider, model: other.name });
}

function providerNamed(name: string, registry: ProviderRegistry): Target['provider'] {
  const provider = registry.get(name)?.provider;
  if (provider === undefined) throw new Error(`No provider is called ${name}.`);
  return provider;
}

function refuseWithoutCredential({ provider, mayUseSystem }: FoundCredential): never {
  const message = mayUseSystem
    ? `No ${provider} credential is stored for this user, and the service has no default one.`
    : `No ${provider} credential is stored for this user, who always uses an own key.`;
  throw new ApiError({
    status: 400,
    message,
    type: 'invalid_request_error',
    code: 'no_credential',
  });
}

function refuseWithoutModel(): never {
  throw new ApiError({
    status: 400,
    message: 'Invalid request body: model: is missing, and the credential has no default model.',
    type: 'invalid_request_error',
    param: 'model',
    code: 'invalid_body',
  });
}
