import type { AlertFolders } from '#harness/alerts/load-alerts.ts';
import type { Provider } from '#harness/cassettes/provider.ts';
import type { LabelValuesOptions } from '#harness/observability/label-values.ts';
import type { MeasureConfig } from '#harness/observability/measure.ts';
import type { Fact } from '#harness/reconcile/fact.ts';
import type { Mode, Scenario } from '#harness/traffic/scenario.ts';

/** What Tally wires into a service before it starts it. */
export interface Wiring {
  mode: Mode;
  host: string;
  port: number;
  databaseUrl: string;
  /** Where the simulator speaks each provider's protocol, and the service's own (system) key. */
  providers: Readonly<Record<Provider, { baseUrl: string; systemKey: string }>>;
}

/** A command as an argument list; no shell is involved. "node" means the Node that runs Tally. */
export type Command = readonly [string, ...string[]];

export interface ServiceConfig {
  name: string;
  /** Starts the service in the foreground. */
  command: Command;
  /**
   * Builds the image of the service for `--image` and prints its id or name as its last line. The
   * image gets `environment` and nothing else of the host.
   */
  buildImage?: Command;
  /** Folder of every command; the config file's own folder when left out. */
  cwd?: string;
  /** A fixed port; a free one is chosen when left out. */
  port?: number;
  /** The whole environment of the service besides PATH and HOME. */
  environment: (wiring: Wiring) => Record<string, string>;
  database: {
    /** Each runs once, on the template database, in this order, with `environment`. */
    migrate: readonly Command[];
    /** Reads `{"users": SeedUser[]}` on standard input and stores them. */
    seed: Command;
    /**
     * Tables that only grow, each with the column that tells its rows apart: a process is judged
     * by the rows that it added. `public.<table>` in a fact's SQL still shows all of them.
     */
    events?: Readonly<Record<string, string>>;
    /** SQL per table that shows the rows one scenario adds; both modes must add equal ones. */
    rows: Readonly<Record<string, string>>;
  };
  /** How a caller shows its key. */
  authorization: (serviceKey: string) => Record<string, string>;
  /** Answers 2xx once the service can serve. */
  readyPath: string;
  readyTimeoutMs: number;
  metricsPath: string;
  summaryPath: string;
  /**
   * The gauge that each read of the summary raises, and the summary's field that returns it. Without
   * one, two whole scrapes that began when the service was quiet stand for it.
   */
  epoch?: { metric: string; field: string };
  /** A gauge that is 1 in production mode; a deployed service is judged by it. */
  productionMetric?: string;
  /** Gauges by which the service says that it is still at work; waited for, never trusted. */
  inFlightMetrics: readonly string[];
  /**
   * Histograms of seconds that a service keeps of the calls that it makes: the whole call, and the
   * time until its first content.
   */
  durationMetrics?: { operation: string; firstToken: string };
  /** Families that change with time alone; no movement and no sign of unrest. */
  decayingMetrics: readonly string[];
  /** Fields of answers that differ from call to call (ids, clocks); left out of comparisons. */
  volatileFields: readonly string[];
}

export interface ProductionConfig {
  /** The variables that production runs with; checked, never used. */
  environment: Readonly<Record<string, string>>;
  /** Folder whose config/, env*, .env*, compose and workflow files are scanned. */
  root?: string;
}

export interface TestsConfig {
  /** Runs the whole suite, with ResultReporter among vitest's reporters. */
  command: Command;
  /** Coverage of lines, branches and functions in percent that the tests must reach. */
  coverage: { lines: number; branches: number; functions: number };
}

/** What is demanded of recordings before they stand for the live provider. */
export interface RecordingsConfig {
  /** Older ones are stale; any age when left out. */
  maxAgeDays?: number;
  /** Cassettes, by id, that need not be recorded from the live provider. */
  allowSynthetic?: readonly string[];
}

/** What is demanded of the text of /metrics, beyond that it can be read. */
export interface ExpositionConfig {
  /** Why a metric may be named or labelled against the conventions, by its name. */
  allowed?: Readonly<Record<string, string>>;
  /** Counters of the same things: their sums must be equal by all labels that both have. */
  totals?: Readonly<Record<string, string>>;
  /** At least so many hostile requests are sent in each mode; 200 when left out, none with 0. */
  hostileRequests?: number;
  /** What one reading may cost. The time is that of the median reading, milliseconds. */
  limits?: { readonly bytes?: number; readonly series?: number; readonly durationMs?: number };
}

export interface DashboardsConfig {
  /** Folder of Grafana's dashboards, `*.json` in the classic form. */
  folder: string;
  /** Folder of what a Grafana in a container is provisioned from; without, none is started. */
  provisioning?: string;
  /** The uid of Grafana's data source; "prometheus" when left out. */
  dataSource?: string;
  /** Why a query answers nothing after the scenarios, by "<uid>/<panel id>/<reference id>". */
  empty?: Readonly<Record<string, string>>;
  /** Why a family is on no panel and in no alert, by its name; it may end with "*". */
  notShown?: Readonly<Record<string, string>>;
}

/** How much must be observed, measure by measure; one that is left out is not asked for. */
export interface ObservabilityConfig {
  /** Families of which some series moved in a scenario or test. */
  metricFamilies?: MeasureConfig;
  /** Values of labels with which some series moved. */
  labelValues?: MeasureConfig & Partial<LabelValuesOptions>;
  /** Families that a panel or an alert asks for, those in `dashboards.notShown` left aside. */
  shownFamilies?: MeasureConfig;
  /** Alerts whose promtool tests show them silent, firing and ended. */
  testedAlerts?: MeasureConfig;
  /** Alerts that a running Prometheus fired and an Alertmanager delivered. */
  firedAlerts?: MeasureConfig;
  /** Fields of the summary whose fact was compared with another witness. */
  summaryFields?: MeasureConfig;
}

export interface TallyConfig {
  service: ServiceConfig;
  scenarios: readonly Scenario[];
  facts: readonly Fact[];
  /** Why no fact asks for a family of metrics, by its name; it may end with "*". */
  withoutFact?: Readonly<Record<string, string>>;
  /** Folder of recorded provider answers, `<provider>/<case>/cassette.json`. */
  cassettes?: string;
  /** Table of prices, as fixtures/prices/catalogue.json: what live calls cost. */
  prices?: string;
  /** Folders with the alerts (`*.rules.yml`) and their promtool tests (`*.test.yml`). */
  alerts?: AlertFolders;
  dashboards?: DashboardsConfig;
  observability?: ObservabilityConfig;
  exposition?: ExpositionConfig;
  production: ProductionConfig;
  recordings?: RecordingsConfig;
  /** The vitest suite beside the config file; left out when there is none. */
  tests?: TestsConfig;
}

/** Gives `tally.config.ts` its types. Returns what it was given. */
export function defineConfig(config: TallyConfig): TallyConfig {
  return config;
}
