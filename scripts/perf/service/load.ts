/** What one round of load is: the same for every subject. Plain data, sent to the load client. */
export interface Load {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Each sends its next request when the answer to the last one has ended. */
  connections: number;
  requests: number;
  /** true: a latency is the time to the first content of a stream, not to the end of the answer. */
  isStream: boolean;
}

/** Of one round. */
export interface LoadResult {
  latenciesMs: Float64Array<ArrayBuffer>;
  requestsPerSecond: number;
}
