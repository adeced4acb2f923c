import { seededFraction } from '../stress/seeded.ts';

/** When the service is killed. */
export interface KillMoment {
  /** As soon as a client has read the end of so many answers of the process… */
  answers: number;
  /** …and so much later; 0 is at once. */
  afterMs: number;
}

const ANSWERS_MAX = 64;
const AFTER_MS_MAX = 200;

/**
 * A random moment, when each client has had an answer. Every other one is the end of an answer: a
 * row that is not there yet will never be, and a moment chosen by the clock alone seldom meets that.
 */
export function killMoment(of: { seed: string; kill: number; clients: number }): KillMoment {
  const { seed, kill, clients } = of;
  const answers = clients + Math.floor(seededFraction(`${seed}/answers/${kill}`) * ANSWERS_MAX);
  const afterMs = Math.floor(seededFraction(`${seed}/after/${kill}`) * AFTER_MS_MAX);
  return { answers, afterMs: kill % 2 === 0 ? afterMs : 0 };
}

/** e.g. "57 ms after answer 31". */
export function showMoment({ answers, afterMs }: KillMoment): string {
  return afterMs > 0 ? `${afterMs} ms after answer ${answers}` : `at the end of answer ${answers}`;
}
