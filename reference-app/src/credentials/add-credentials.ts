import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import type { CredentialMetrics } from '../metrics/credential-metrics.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import type { Authenticate } from '../users/authenticate.ts';
import { addCredentialRoutes } from './credential-routes.ts';
import { createCredentialStore } from './credential-store.ts';
import { createCredentialView } from './credential-view.ts';
import { createFindCredential, type FindCredential } from './find-credential.ts';
import { type KeyManagement, LOAD_LIMIT_MS } from './key-management.ts';
import { createKeyRing } from './key-ring.ts';
import { createReadKey } from './read-key.ts';
import { RotationSchedule } from './rotation-schedule.ts';

interface CredentialsOptions {
  readonly config: Config;
  readonly keyManagement: KeyManagement;
  readonly database: Database;
  readonly registry: ProviderRegistry;
  readonly metrics: CredentialMetrics;
  readonly authenticate: Authenticate;
}

/** Adds the credential routes and the rotation; gives what inference needs of credentials. */
export async function addCredentials(
  app: FastifyInstance,
  options: CredentialsOptions,
): Promise<FindCredential> {
  const { config, keyManagement, registry, metrics, authenticate } = options;
  const { pool, kysely } = options.database;
  const signal = AbortSignal.timeout(LOAD_LIMIT_MS);
  const keyRing = createKeyRing(await keyManagement.load({ signal }));
  const readKey = createReadKey(keyRing, ({ cause, ...unreadable }) => {
    metrics.countUnreadable(unreadable.provider);
    const reason = cause instanceof Error ? cause.message : undefined;
    app.log.warn({ ...unreadable, reason }, 'a credential cannot be decrypted');
  });
  const allowedBaseUrls = config.credentialBaseUrls;

  const { batchSize, intervalMs } = config.rotation;
  const { log } = app;
  const shared = { pool, keyRing, readKey, metrics };
  const schedule = new RotationSchedule({ ...shared, keyManagement, log, batchSize, intervalMs });
  app.addHook('onReady', () => schedule.start());
  app.addHook('preClose', () => schedule.stop());

  addCredentialRoutes(app, {
    authenticate,
    store: createCredentialStore({ kysely, keyRing, readKey }),
    view: createCredentialView(readKey),
    readKey,
    registry,
    allowedBaseUrls,
    metrics,
  });
  return createFindCredential({
    pool,
    readKey,
    allowedBaseUrls,
  });
}
