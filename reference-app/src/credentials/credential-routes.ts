import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors/api-error.ts';
import type { CredentialChange, CredentialMetrics } from '../metrics/credential-metrics.ts';
import type { Provider } from '../providers/provider.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import { type Authenticate, userOf } from '../users/authenticate.ts';
import { credentialBodies, parseBody, parseCredentialId } from './credential-requests.ts';
import { type CredentialSettings, parseSettings } from './credential-settings.ts';
import type { CredentialRow, CredentialStore } from './credential-store.ts';
import type { CredentialView } from './credential-view.ts';
import { createUnreadable } from './find-credential.ts';
import type { ReadKey } from './read-key.ts';
import { type KeyCheck, validateKey } from './validate-key.ts';

export interface CredentialRoutesOptions {
  readonly authenticate: Authenticate;
  readonly store: CredentialStore;
  readonly view: CredentialView;
  readonly readKey: ReadKey;
  readonly registry: ProviderRegistry;
  readonly allowedBaseUrls: readonly string[];
  readonly metrics: CredentialMetrics;
}

interface WithId {
  readonly Params: { readonly id: string };
}

/** /llm-credentials: what a user does with the own provider keys. None of it answers a key. */
export function addCredentialRoutes(app: FastifyInstance, options: CredentialRoutesOptions): void {
  // A context of its own, so that the hook guards these routes and no others.
  app.register((routes, _options, done) => {
    routes.addHook('onRequest', options.authenticate);
    addReadingRoutes(routes, options);
    addChangingRoutes(routes, options);
    addValidationRoutes(routes, options);
    done();
  });
}

function addReadingRoutes(
  app: FastifyInstance,
  { store, view }: Pick<CredentialRoutesOptions, 'store' | 'view'>,
): void {
  app.get('/llm-credentials', async (request) => {
    const rows = await store.list(userOf(request).id);
    return { object: 'list', data: rows.map(view) };
  });
  app.get<WithId>('/llm-credentials/:id', async (request) =>
    view(await store.get(userOf(request).id, parseCredentialId(request.params.id))),
  );
}

function addChangingRoutes(app: FastifyInstance, options: CredentialRoutesOptions): void {
  const { store, view, metrics } = options;
  const count = (row: CredentialRow, change: CredentialChange): CredentialRow => {
    metrics.countChange(row.provider, change);
    return row;
  };

  app.post('/llm-credentials', async (request, reply) => {
    const body = parseBody(credentialBodies.create, request.body);
    const row = await store.create(userOf(request).id, {
      provider: body.provider,
      apiKey: body.api_key,
      name: body.name,
      isDefault: body.is_default,
      settings: settingsOf(body, options),
    });
    reply.code(201);
    return view(count(row, 'created'));
  });

  app.patch<WithId>('/llm-credentials/:id', async (request) => {
    const userId = userOf(request).id;
    const id = parseCredentialId(request.params.id);
    const { name, settings } = parseBody(credentialBodies.update, request.body);
    const { provider } = await store.get(userId, id);
    const row = await store.update(userId, id, {
      ...(name !== undefined && { name }),
      ...(settings !== undefined && { settings: settingsOf({ provider, settings }, options) }),
    });
    return view(count(row, 'updated'));
  });

  app.put<WithId>('/llm-credentials/:id/key', async (request) => {
    const id = parseCredentialId(request.params.id);
    const { api_key } = parseBody(credentialBodies.replaceKey, request.body);
    return view(count(await store.replaceKey(userOf(request).id, id, api_key), 'key_replaced'));
  });

  app.put<WithId>('/llm-credentials/:id/default', async (request) => {
    const id = parseCredentialId(request.params.id);
    return view(count(await store.makeDefault(userOf(request).id, id), 'made_default'));
  });

  app.delete<WithId>('/llm-credentials/:id', async (request, reply) => {
    const id = parseCredentialId(request.params.id);
    count(await store.remove(userOf(request).id, id), 'deleted');
    return reply.code(204).send();
  });
}

function addValidationRoutes(app: FastifyInstance, options: CredentialRoutesOptions): void {
  const { store, readKey, metrics } = options;
  const validate = async (key: {
    readonly provider: Provider;
    readonly apiKey: string;
    readonly settings: CredentialSettings;
  }): Promise<KeyCheck> => {
    const check = await validateKey(key);
    metrics.countValidation(key.provider.name, check.result);
    return check;
  };

  app.post('/llm-credentials/validate', (request) => {
    const body = parseBody(credentialBodies.validate, request.body);
    const provider = providerOf(body.provider, options);
    return validate({ provider, apiKey: body.api_key, settings: settingsOf(body, options) });
  });

  app.post<WithId>('/llm-credentials/:id/validate', async (request) => {
    const row = await store.get(userOf(request).id, parseCredentialId(request.params.id));
    const apiKey = readKey(row);
    if (apiKey === undefined) throw createUnreadable(row.provider);
    const { provider } = row;
    // Judged again: the list of allowed base URLs may have become shorter since it was stored.
    const settings = settingsOf({ provider, settings: row.settings }, options);
    return validate({ provider: providerOf(provider, options), apiKey, settings });
  });
}

function providerOf(name: string, { registry }: CredentialRoutesOptions): Provider {
  const entry = registry.get(name);
  if (entry !== undefined) return entry.provider;
  throw new ApiError({
    status: 422,
    message: `provider: must be one of ${[...registry.keys()].join(', ')}.`,
    type: 'invalid_request_error',
    param: 'provider',
    code: 'unknown_provider',
  });
}

function settingsOf(
  { provider, settings }: { readonly provider: string; readonly settings?: unknown },
  options: CredentialRoutesOptions,
): CredentialSettings {
  const { settingNames } = providerOf(provider, options);
  return parseSettings(settings, {
    provider,
    settingNames,
    allowedBaseUrls: options.allowedBaseUrls,
  });
}
