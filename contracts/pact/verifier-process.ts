import { Verifier, type VerifierOptions } from '@pact-foundation/pact';

// The other side of PactVerifier.
process.on('message', (options: VerifierOptions) => {
  new Verifier(options).verifyProvider().then(
    () => process.send?.(''),
    (cause: unknown) => process.send?.(cause instanceof Error ? cause.message : String(cause)),
  );
});
