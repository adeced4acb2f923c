import type { ServicePlace } from '#harness/service/service-place.ts';

/** What every backend offers. All binds to loopback, except on a Docker engine elsewhere (README.md). */
export interface Stack extends AsyncDisposable {
  readonly backend: 'embedded' | 'containers' | 'external';
  readonly postgres: PostgresServer;
  readonly prometheus: PrometheusServer;
  /** Aborted, with a HarnessError as its reason, when a server has ended by itself. */
  readonly failure: AbortSignal;
  readonly grafana: GrafanaServer | AbsentServer;
  /** Left out where the service is to run as a process. */
  readonly service?: ServiceImage | undefined;
  /** Stops the servers and removes everything they left. Safe to call twice. */
  stop(): Promise<void>;
}

/** The image of the service, which runs beside the servers. */
export interface ServiceImage {
  readonly place: ServicePlace;
  /** As it was named, with the beginning of its digest, e.g. "byom:1.2 (0532e88793cf)". */
  readonly version: string;
}

export interface PostgresServer {
  /** As `SHOW server_version` answers, e.g. "18.4". */
  readonly version: string;
  /** With it another process of this machine can make databases too: `connectPostgres(adminUrl)`. */
  readonly adminUrl: string;
  /**
   * Prepares one database (migrations, seed) and freezes it as a template. `prepare` gets its
   * connection URL and must have closed every connection when it resolves.
   */
  createTemplate(prepare: (databaseUrl: string) => Promise<void>): Promise<DatabaseTemplate>;
}

export interface DatabaseTemplate {
  readonly name: string;
  /** A new database with the template's content; takes about 12 ms. */
  clone(): Promise<Database>;
}

export interface Database extends AsyncDisposable {
  /** postgres:// URL that any driver and any process of this machine can use. */
  readonly url: string;
  readonly name: string;
  /** Removes the database, closing its connections by force. Safe to call twice. */
  drop(): Promise<void>;
}

export interface PrometheusServer {
  /** Base URL of the HTTP API, e.g. "http://127.0.0.1:40123"; it may have a path. */
  readonly url: string;
  /** What every request to it carries, e.g. a tenant or a token. Never shown. */
  readonly headers?: Readonly<Record<string, string>>;
  /** e.g. "2.42.0". */
  readonly version: string;
  /** Path of the promtool that belongs to this server. */
  readonly promtool: string;
  readonly scrapeIntervalMs: number;
  /** Resolves once the first scrape was stored (about 5 s after start, whatever one does). */
  readonly scraping: Promise<void>;
  /** Takes a free scrape slot: a static target whose traffic the harness proxies. */
  claimSlot(): Promise<ScrapeSlot>;
  /**
   * Evaluates the alerts of these files from now on. Resolves when they were evaluated (at most 5 s),
   * or with the reason why it refuses them. Left out where nobody looks at them, and where the rules
   * are somebody else's matter.
   */
  readonly loadRules?: (files: readonly string[]) => Promise<string | undefined>;
  /** Where Tally's own metrics are scraped, under a job of their own. */
  readonly ownSlot: ScrapeSlot;
}

/** A server that a stack may do without. */
export interface AbsentServer {
  /** Why it is not there, as part of a sentence. */
  readonly absent: string;
}

export interface GrafanaServer {
  /** e.g. "http://127.0.0.1:40124"; it may have a path. */
  readonly url: string;
  /** e.g. "12.0.0". */
  readonly version: string;
  /** What every request to it carries, e.g. the token of a service account. Never shown. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ScrapeSlot extends AsyncDisposable {
  /** Label matchers that select only this slot's series, e.g. `job="service",instance="slot-3"`. */
  readonly selector: string;
  /**
   * Sends the slot's scrapes to this URL (scheme, host, port and path of a /metrics), with these
   * headers, e.g. an authorization.
   */
  pointTo(metricsUrl: string, headers?: Readonly<Record<string, string>>): void;
  /** Answers the slot's scrapes with a failure from now on: the target is down. */
  detach(): void;
  /** Gives the slot back. A released slot is reused only after a scrape has marked it stale. */
  release(): Promise<void>;
}
