/** One request with its answer, as another tool has recorded it. Holds secrets: never to be written. */
export interface ForeignExchange {
  /** Where it stands in its file, e.g. "interaction 3". */
  readonly place: string;
  readonly method: string;
  readonly url: string;
  /** By lower-case name. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: Buffer;
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** As recorded: it may be compressed. */
  readonly body: Buffer;
  /** When it was recorded, in whatever form the tool writes; undefined when it does not say. */
  readonly recordedAt: string | undefined;
}

/** What a file holds. */
export interface ForeignRecording {
  /** Who recorded it: "vcrpy", "VCR", "go-vcr" or "HAR". */
  readonly tool: string;
  readonly exchanges: readonly ForeignExchange[];
  /** Entries that are none, and why. */
  readonly leftOut: readonly LeftOut[];
}

/** A part of a file that becomes no cassette, so that nothing is lost in silence. */
export interface LeftOut {
  readonly place: string;
  readonly why: string;
}
