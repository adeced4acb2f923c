import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors/api-error.ts';
import type { CredentialChange, CredentialMetrics } from '../metrics/credential-metrics.ts';
import type { ZodApp, ZodTypes } from '../openapi/zod-schemas.ts';
import type { Provider } from '../providers/provider.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import { type Authenticate, userOf } from '../users/authenticate.ts';
import { credentialRoutes } from './credential-declarations.ts';
import { type CredentialSettings, checkSettings } from './credential-settings.ts';
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

/** /llm-credentials: what a user does with the own provider keys. None of it answers a key. */
export function addCredentialRoutes(app: FastifyInstance, options: CredentialRoutesOptions): void {
  // A context of its own, so that the hook guards these routes and no others.
  app.withTypeProvider<ZodTypes>().register((routes, _options, done) => {
    routes.addHook('onRequest', options.authenticate);
    addReadingRoutes(routes, options);
    addChangingRoutes(routes, options);
    addValidationRoutes(routes, options);
    done();
  });
}

function addReadingRoutes(
  app: ZodApp,
  { store, view }: Pick<CredentialRoutesOptions, 'store' | 'view'>,
): void {
  app.get('/llm-credentials', { schema: credentialRoutes.list }, async (request) => {
    const rows = await store.list(userOf(request).id);
    return { object: 'list' as const, data: rows.map(view) };
  });
  app.get('/llm-credentials/:id', { schema: credentialRoutes.get }, async (request) =>
    view(await store.get(userOf(request).id, request.params.id)),
  );
}

function addChangingRoutes(app: ZodApp, options: CredentialRoutesOptions): void {
  const { store, view, metrics } = options;
  const count = (row: CredentialRow, change: CredentialChange): CredentialRow => {
    metrics.countChange(row.provider, change);
    return row;
  };

  app.post('/llm-credentials', { schema: credentialRoutes.create }, async (request, reply) => {
    const { body } = request;
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

  app.patch('/llm-credentials/:id', { schema: credentialRoutes.update }, async (request) => {
    const userId = userOf(request).id;
    const { id } = request.params;
    const { name, settings } = request.body;
    const { provider } = await store.get(userId, id);
    const row = await store.update(userId, id, {
      ...(name !== undefined && { name }),
      ...(settings !== undefined && { settings: settingsOf({ provider, settings }, options) }),
    });
    return view(count(row, 'updated'));
  });

  app.put('/llm-credentials/:id/key', { schema: credentialRoutes.replaceKey }, async (request) => {
    const { id } = request.params;
    const { api_key } = request.body;
    return view(count(await store.replaceKey(userOf(request).id, id, api_key), 'key_replaced'));
  });

  app.put(
    '/llm-credentials/:id/default',
    { schema: credentialRoutes.makeDefault },
    async (request) => {
      const { id } = request.params;
      return view(count(await store.makeDefault(userOf(request).id, id), 'made_default'));
    },
  );

  app.delete(
    '/llm-credentials/:id',
    { schema: credentialRoutes.remove },
    async (request, reply) => {
      const { id } = request.params;
      count(await store.remove(userOf(request).id, id), 'deleted');
      return reply.code(204).send(null);
    },
  );
}

function addValidationRoutes(app: ZodApp, options: CredentialRoutesOptions): void {
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

  app.post('/llm-credentials/validate', { schema: credentialRoutes.validate }, (request) => {
    const { body } = request;
    const provider = providerOf(body.provider, options);
    return validate({ provider, apiKey: body.api_key, settings: settingsOf(body, options) });
  });

  app.post(
    '/llm-credentials/:id/validate',
    { schema: credentialRoutes.validateStored },
    async (request) => {
      const row = await store.get(userOf(request).id, request.params.id);
      const apiKey = readKey(row);
      if (apiKey === undefined) throw createUnreadable(row.provider);
      const { provider } = row;
      // Judged again: the list of allowed base URLs may have become shorter since it was stored.
      const settings = settingsOf({ provider, settings: row.settings }, options);
      return validate({ provider: providerOf(provider, options), apiKey, settings });
    },
  );
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
  { provider, settings }: { readonly provider: string; readonly settings: CredentialSettings },
  options: CredentialRoutesOptions,
): CredentialSettings {
  const { settingNames } = providerOf(provider, options);
  return checkSettings(settings, {
    provider,
    settingNames,
    allowedBaseUrls: options.allowedBaseUrls,
  });
}
