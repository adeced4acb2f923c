import type { WorkPlace } from '../stack-directories.ts';

export interface ObtainPrometheusOptions extends WorkPlace {
  env: Readonly<Record<string, string | undefined>>;
  /** Base URL with the layout of the official releases, instead of these. */
  prometheusMirror?: string | undefined;
  progress: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * One way to get Prometheus: puts `prometheus` and `promtool` into a folder of the empty folder
 * `work` and returns that folder. Throws SourceUnavailable when it does not lead there.
 */
export type PrometheusSource = (work: string, options: ObtainPrometheusOptions) => Promise<string>;

/** This way does not lead to Prometheus; the next one is tried. */
export class SourceUnavailable extends Error {}
