import type { Registry } from 'prom-client';
import { createLabelledGauge } from './instruments.ts';

const GAUGES = {
  byom_users: 'Stored users.',
  byom_active_api_keys: 'Service keys that are let in.',
  byom_active_credentials: 'Stored provider keys that are not deleted.',
  byom_agent_sessions: 'Stored agent sessions.',
  byom_recorded_tokens: 'Tokens of all usage rows, those of every instance.',
  byom_recorded_cost_pico_usd: 'Cost of all usage rows in pico-USD.',
};
type GaugeName = keyof typeof GAUGES;

/** What the database knows of all instances since the beginning. */
export type BusinessNumbers = Readonly<Record<GaugeName, number>>;

/** Shows the numbers; without any the series do not exist, because 0 would be a number. */
export type ShowBusiness = (numbers: BusinessNumbers | undefined) => void;

/** Registers the gauges of what is read from the database. */
export function createBusinessMetrics(registry: Registry): ShowBusiness {
  const gauges = Object.entries(GAUGES).map(([name, help]) => ({
    name: name as GaugeName,
    gauge: createLabelledGauge(registry, { name, help, labelNames: [] }),
  }));
  const show: ShowBusiness = (numbers) => {
    for (const { name, gauge } of gauges) gauge.set({}, numbers?.[name]);
  };
  show(undefined);
  return show;
}
