/**
 * How a call of the service ended, seen from the client's socket.
 * - completed: the answer was read to its end
 * - left: the client went away on purpose
 * - cut: the service closed the connection, or did not answer in time
 */
export type ServiceCallEnd = 'completed' | 'left' | 'cut';

/** One call of the service as its client saw it. */
export interface ServiceCall {
  readonly id: number;
  readonly scenario: string;
  readonly method: string;
  readonly path: string;
  /** The model that the request names, as it names it. */
  readonly modelRequested: string | undefined;
  /** See callMark(); undefined when the request carries none. */
  readonly mark: string | undefined;
  /** The client left while the provider may still have been sending. */
  readonly raced: boolean;
  status: number | undefined;
  headers: Readonly<Record<string, string>>;
  end: ServiceCallEnd | undefined;
  /** Why a call was cut, as the socket said it, e.g. "socket hang up". */
  failure: string | undefined;
  /** The JSON body, or the parsed data of each stream event, in order. */
  body: unknown;
  events: readonly unknown[];
  contentEvents: number;
  /** When the first of them was read, on the clock of startedAtMs. */
  firstContentAtMs: number | undefined;
  /** A stream said its own end (`data: [DONE]`, or the event `message_stop`). */
  sawEnd: boolean;
  /** Milliseconds on the monotonic clock (performance.now()). */
  readonly startedAtMs: number;
  endedAtMs: number | undefined;
}

/** A call that is about to be sent. */
export function openServiceCall(
  known: Pick<
    ServiceCall,
    'id' | 'scenario' | 'method' | 'path' | 'modelRequested' | 'mark' | 'raced'
  >,
): ServiceCall {
  return {
    ...known,
    status: undefined,
    headers: {},
    end: undefined,
    failure: undefined,
    body: undefined,
    events: [],
    contentEvents: 0,
    firstContentAtMs: undefined,
    sawEnd: false,
    startedAtMs: performance.now(),
    endedAtMs: undefined,
  };
}
