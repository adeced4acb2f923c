import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { PACTS, readPact } from './pact-files.ts';
import { PactVerifier } from './pact-verifier.ts';
import type { StateHandler } from './state-server.ts';
import { verifyPact } from './verify-pact.ts';

const NAME = 'byom-service-openai';
const { interactions } = readPact(PACTS, NAME);
const verifier = new PactVerifier();
afterAll(() => verifier[Symbol.dispose]());

/** A provider that answers the same to everything, and what makes every state true for it. */
async function startProvider(body: object, handler: StateHandler) {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  const names = interactions.flatMap(({ providerStates }) => providerStates.map((one) => one.name));
  const { port } = server.address() as AddressInfo;
  return {
    verifier,
    url: `http://127.0.0.1:${port}`,
    states: Object.fromEntries(names.map((name) => [name, handler])),
  };
}

test('says which interaction lacks which field', async () => {
  const provider = await startProvider({ data: [] }, async () => ({ apiKey: 'sk-1' }));
  await expect(verifyPact(NAME, provider)).rejects.toThrow(
    /Given the key is accepted - openai\/chat: \$ Actual map is missing the following keys: choices, id/,
  );
});

test('says which state could not be made true', async () => {
  const provider = await startProvider({}, async () => {
    throw new Error('no database');
  });
  await expect(verifyPact(NAME, provider)).rejects.toThrow(
    /"the key is accepted", setup: Error: no database/,
  );
});

test('leaves out what a provider cannot do, and nothing that nobody spoke of', async () => {
  const { states, ...provider } = await startProvider({}, async () => ({}));
  const leftOut = Object.fromEntries(Object.keys(states).map((name) => [name, { leftOut: 'No.' }]));
  await verifyPact(NAME, { ...provider, states: leftOut });
  await expect(verifyPact(NAME, { ...provider, states: {} })).rejects.toThrow(
    /nothing makes ".+" true/,
  );
});
