import { providersDashboard } from './providers.ts';
import { serviceDashboard } from './service.ts';
import { testRunDashboard } from './test-run.ts';

/** The text of each file of grafana/dashboards/, by its name. */
export const dashboardFiles: Readonly<Record<string, string>> = Object.fromEntries(
  [serviceDashboard, providersDashboard, testRunDashboard].map((each) => [
    `${each.uid}.json`,
    `${JSON.stringify(each, null, 2)}\n`,
  ]),
);
