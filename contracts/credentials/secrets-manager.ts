import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export const SECRET_ID = 'byom/master-keys';
export const REGION = 'eu-central-1';

/** What a process needs to be let in: the SDK reads these variables itself. */
export const AWS_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'AKIATALLY0123456789A',
  AWS_SECRET_ACCESS_KEY: 'tally-secret-access-key',
};

/** How AWS answers: the text of the secret, one of its errors, or something that is no answer. */
export type SecretAnswer =
  | { readonly secret: string }
  | { readonly error: string; readonly status?: number }
  | { readonly raw: string };

/** A server that speaks what the service uses of AWS Secrets Manager: GetSecretValue. */
export interface SecretsManager extends AsyncDisposable {
  readonly url: string;
  /** How often it was asked. */
  readonly requests: number;
  /** The answer from now on. */
  answer: SecretAnswer;
}

const SIGNED = `AWS4-HMAC-SHA256 Credential=${AWS_CREDENTIALS.AWS_ACCESS_KEY_ID}/`;
const SCOPE = `/${REGION}/secretsmanager/aws4_request,`;

/** The error of AWS for a call that is not what it should be; undefined when it is. */
async function refuse(request: IncomingMessage): Promise<string | undefined> {
  const { headers } = request;
  const authorization = headers.authorization ?? '';
  if (!authorization.startsWith(SIGNED) || !authorization.includes(SCOPE))
    return 'UnrecognizedClientException';
  if (headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') return 'InvalidAction';
  if (headers['content-type'] !== 'application/x-amz-json-1.1') return 'SerializationException';
  const { SecretId: secretId, ...more } = JSON.parse(await text(request));
  if (Object.keys(more).length > 0) return 'ValidationException';
  return secretId === SECRET_ID ? undefined : 'ResourceNotFoundException';
}

function send(response: ServerResponse, answer: SecretAnswer): void {
  const isError = 'error' in answer;
  response.writeHead(isError ? (answer.status ?? 400) : 200, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': '7f9b2c1e-0000-4000-8000-000000000000',
  });
  if ('raw' in answer) return void response.end(answer.raw);
  if (isError) {
    const message = `User is not served: ${answer.error}`;
    return void response.end(JSON.stringify({ __type: answer.error, Message: message }));
  }
  const named = { ARN: `arn:aws:secretsmanager:${REGION}:123456789012:secret:x`, Name: SECRET_ID };
  const version = { VersionId: '1', VersionStages: ['AWSCURRENT'], CreatedDate: 1_790_000_000.5 };
  response.end(JSON.stringify({ ...named, ...version, SecretString: answer.secret }));
}

export async function startSecretsManager(first: SecretAnswer): Promise<SecretsManager> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    refuse(request).then(
      (error) => send(response, error === undefined ? manager.answer : { error }),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const manager = {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    answer: first,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return manager;
}
