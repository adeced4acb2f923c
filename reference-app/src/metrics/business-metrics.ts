import type { Registry } from 'prom-client';
import { createLabelledGauge } from './instruments.ts';

/** What the database knows of all instances since the beginning. */
export interface BusinessNumbers {
  readonly users: number;
  readonly activeApiKeys: number;
  readonly activeCredentials: number;
  readonly agentSessions: number;
  readonly tokens: number;
  readonly costPicoUsd: number;
}

const GAUGES: Readonly<Record<keyof BusinessNumbers, readonly [name: string, help: string]>> = {
  users: ['byom_users', 'Stored users.'],
  activeApiKeys: ['byom_active_api_keys', 'Service keys that are let in.'],
  activeCredentials: ['byom_active_credentials', 'Stored provider keys that are not deleted.'],
  agentSessions: ['byom_agent_sessions', 'Stored agent sessions.'],
  tokens: ['byom_recorded_tokens', 'Tokens of all usage rows, those of every instance.'],
  costPicoUsd: ['byom_recorded_cost_pico_usd', 'Cost of all usage rows in pico-USD.'],
};

/** Shows the numbers; without any the series do not exist, because 0 would be a number. */
export type ShowBusiness = (numbers: BusinessNumbers | undefined) => void;

/** Registers the gauges of what is read from the database. */
export function createBusinessMetrics(registry: Registry): ShowBusiness {
  const shows = Object.entries(GAUGES).map(([field, [name, help]]) => {
    const gauge = createLabelledGauge(registry, { name, help, labelNames: [] });
    gauge.set({}, undefined);
    return (numbers: BusinessNumbers | undefined) =>
      gauge.set({}, numbers?.[field as keyof BusinessNumbers]);
  });
  return (numbers) => {
    for (const show of shows) show(numbers);
  };
}
