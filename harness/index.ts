/** Tally's public API: what a `tally.config.ts` and other people's tests import. */

export { loadCassettes } from './cassettes/load-cassettes.ts';
export { defineConfig, type TallyConfig, type Wiring } from './config/tally-config.ts';
export type { Defect } from './defects/defect.ts';
export { HarnessError } from './errors/harness-error.ts';
export type { Finding } from './findings/finding.ts';
export { createMetricsReader, type MetricsReader } from './metrics/metrics-reader.ts';
export type { Movement } from './metrics/movement.ts';
export { createPromqlClient, type PromqlClient } from './metrics/promql-client.ts';
export { type Instant, type SettledInstant, settle, settleAll } from './metrics/settle.ts';
export {
  CouldNotRead,
  type Fact,
  notAWitness,
  type WireCall,
  type WireEvidence,
  type WireRow,
} from './reconcile/fact.ts';
export { reconcileInstances } from './reconcile/reconcile-instances.ts';
export { connectService } from './service/connect-service.ts';
export type { Service } from './service/service.ts';
export { startService } from './service/start-service.ts';
export type { ProviderScript } from './simulator/script.ts';
export { type Simulator, startSimulator } from './simulator/simulator.ts';
export { startEmbeddedStack } from './stack/embedded/start-embedded-stack.ts';
export { startExternalStack } from './stack/external/start-external-stack.ts';
export type { Stack } from './stack/stack.ts';
export { startStack } from './stack/start-stack.ts';
export type { ExpectedMovement, ProviderAnswer, Scenario } from './traffic/scenario.ts';
export type { ServiceCall } from './traffic/service-call.ts';
