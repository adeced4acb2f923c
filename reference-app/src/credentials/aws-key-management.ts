import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ConfigError, type KeyManagementConfig } from '../config.ts';
import type { MasterKeys } from './key-management.ts';
import { parseMasterKeys } from './local-key-management.ts';

type AwsConfig = Extract<KeyManagementConfig, { kind: 'aws' }>;

/** Of one attempt; the SDK makes three of what is worth a retry. */
const ATTEMPT_LIMIT_MS = 3_000;

const FIXES: Readonly<Record<string, string>> = {
  ResourceNotFoundException: 'create the secret, or correct MASTER_KEYS_SECRET_ID and AWS_REGION',
  AccessDeniedException: 'allow secretsmanager:GetSecretValue, and kms:Decrypt for a key of yours',
  DecryptionFailure: 'allow kms:Decrypt for the key that encrypts the secret',
  UnrecognizedClientException: 'give the service valid AWS credentials',
  CredentialsProviderError: 'give the service AWS credentials, e.g. by a role',
};

/**
 * Reads the master keys from the current version of one secret, a text like MASTER_KEYS. The whole
 * ring is one text because its order matters: a key must be readable everywhere before any
 * instance writes under it, which AWSCURRENT and AWSPREVIOUS, moved at once, cannot say.
 * Throws an Error that names the secret and the kind of failure, never a value.
 */
export async function loadAwsMasterKeys(
  { secretId, region, endpointUrl }: AwsConfig,
  { signal }: { readonly signal: AbortSignal },
): Promise<MasterKeys> {
  const client = new SecretsManagerClient({
    region,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    requestHandler: {
      connectionTimeout: ATTEMPT_LIMIT_MS,
      requestTimeout: ATTEMPT_LIMIT_MS,
      throwOnRequestTimeout: true,
    },
  });
  try {
    const command = new GetSecretValueCommand({ SecretId: secretId });
    const { SecretString: text = '' } = await client.send(command, { abortSignal: signal });
    return parseMasterKeys(text, `The secret ${secretId}`);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const kind = kindOf(error);
    const fix = FIXES[kind] ?? 'see whether AWS Secrets Manager can be reached and is well';
    // biome-ignore lint/style/useErrorCause: a malformed answer's error quotes it, keys and all.
    throw new Error(
      `The master keys cannot be read from the secret ${secretId}: ${kind}.\nfix: ${fix}`,
    );
  } finally {
    client.destroy();
  }
}

/** The system's code of a network failure, else the name that AWS or its SDK gave the error. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
