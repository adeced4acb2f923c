import {
  type Answer,
  type AnswerPart,
  createPart,
  type StreamAnswer,
  type WholeAnswer,
  withBody,
} from './answer.ts';
import type { Barrier } from './barrier.ts';
import type { Exchange } from './exchange.ts';
import type { ProviderScript } from './script.ts';

/** How an answer is played: what a script asks for besides the answer itself. */
export interface Play {
  readonly barrier: Barrier;
  /** The key under which the call is held. */
  readonly key: string;
  readonly script: ProviderScript | undefined;
  /** true: recorded pauses between chunks are kept. */
  readonly keepsTime: boolean;
}

/** Sends an answer part by part, stopping where the script says or where the caller leaves. */
export function playAnswer(exchange: Exchange, answer: Answer, play: Play): Promise<void> | void {
  if (play.script !== undefined || (answer.kind === 'stream' && play.keepsTime)) {
    return playScripted(exchange, answer, play);
  }
  if (answer.kind === 'stream') {
    return playAtOnce(exchange, answer);
  }
  exchange.sendWhole(answer);
}

/** Without pauses: what the connection takes leaves in one write, each part a chunk of its own. */
async function playAtOnce(exchange: Exchange, answer: StreamAnswer): Promise<void> {
  exchange.writeHead(answer);
  for (const part of answer.parts) {
    if (exchange.hasEnded) {
      return;
    }
    if (!exchange.push(part)) {
      await exchange.untilDrained();
    }
  }
  exchange.finish();
}

async function playScripted(exchange: Exchange, answer: Answer, play: Play): Promise<void> {
  const { beforeHeadMs = 0, cutBeforeHead, cutBy } = play.script ?? {};
  if (beforeHeadMs > 0) {
    await pause(beforeHeadMs, exchange);
  }
  if (cutBeforeHead === true) {
    exchange.cut(cutBy);
  }
  if (exchange.hasEnded || cutBeforeHead === true) {
    return;
  }
  await (answer.kind === 'stream'
    ? playStream(exchange, answer, play)
    : playWhole(exchange, answer, play));
}

async function playWhole(exchange: Exchange, answer: WholeAnswer, play: Play): Promise<void> {
  const { holdAfterContentEvents, cutAfterContentEvents, cutBy } = play.script ?? {};
  if (holdAfterContentEvents !== undefined) {
    await hold(exchange, play);
  }
  if (exchange.hasEnded) {
    return;
  }
  if (cutAfterContentEvents === undefined) {
    exchange.sendWhole(answer);
    return;
  }
  const half = answer.body.subarray(0, Math.floor(answer.body.length / 2));
  if (cutBy === 'end') {
    exchange.sendWhole({ ...withBody(answer, half), usage: undefined, images: 0 });
  } else {
    exchange.sendHead(answer);
    await exchange.sendPart(createPart(half));
  }
  exchange.cut(cutBy);
}

function hold(exchange: Exchange, { barrier, key, script }: Play): Promise<void> {
  return barrier.hold(key, exchange, script?.releaseAtHeld);
}

async function playStream(exchange: Exchange, answer: StreamAnswer, play: Play): Promise<void> {
  const pace = createPace(exchange, play);
  const stopIfDue = createStop(exchange, play);
  exchange.sendHead(answer);
  for (const part of answer.parts) {
    await pace(part);
    // A stream without an opening event starts with content: to stop after none is to stop here.
    const isContentNext = exchange.call.contentEvents === 0 && part.contentEvents > 0;
    if (isContentNext && (await stopIfDue())) {
      return;
    }
    if (exchange.hasEnded) {
      return;
    }
    await exchange.sendPart(part);
    if (await stopIfDue()) {
      return;
    }
  }
  if (answer.isCut === true) {
    exchange.cut(play.script?.cutBy);
  } else {
    exchange.finish();
  }
}

/** Holds and cuts where the script says; the answer is whether the call has ended there. */
function createStop(exchange: Exchange, play: Play): () => Promise<boolean> {
  const {
    holdAfterContentEvents,
    cutAfterContentEvents = Number.POSITIVE_INFINITY,
    cutBy,
  } = play.script ?? {};
  let isHoldDue = holdAfterContentEvents !== undefined;
  return async () => {
    if (isHoldDue && exchange.call.contentEvents >= (holdAfterContentEvents ?? 0)) {
      isHoldDue = false;
      await hold(exchange, play);
    }
    if (!exchange.hasEnded && exchange.call.contentEvents >= cutAfterContentEvents) {
      exchange.cut(cutBy);
      return true;
    }
    return exchange.hasEnded;
  };
}

/** Waits before a part as long as the recording or the script asks for, and not after the end. */
function createPace(exchange: Exchange, play: Play): (part: AnswerPart) => Promise<void> {
  const startedAtMs = performance.now();
  const { betweenEventsMs = 0, beforeFirstContentMs = 0 } = play.script ?? {};
  let isFirst = true;
  let isFirstContent = true;
  return async ({ atMs, contentEvents }) => {
    const recordedMs = play.keepsTime ? startedAtMs + atMs - performance.now() : 0;
    const contentMs = isFirstContent && contentEvents > 0 ? beforeFirstContentMs : 0;
    const pauseMs = Math.max(recordedMs, contentMs, isFirst ? 0 : betweenEventsMs);
    const spinsMs = pauseMs === recordedMs ? SPINS_MS : 0;
    isFirst = false;
    isFirstContent = isFirstContent && contentEvents === 0;
    if (pauseMs > 0) {
      await pause(pauseMs, exchange, spinsMs);
    }
  };
}

/** Timers are up to two milliseconds late, which a recorded pace must not be. */
const SPINS_MS = 2;

/**
 * Never shorter than asked: a timer counts from a clock read earlier, so it may fire too soon. The
 * last `spinsMs` are waited for without a timer.
 */
async function pause(pauseMs: number, exchange: Exchange, spinsMs = 0): Promise<void> {
  const dueAtMs = performance.now() + pauseMs;
  let leftMs = pauseMs;
  while (leftMs > 0 && !exchange.hasEnded) {
    let timer: NodeJS.Timeout | undefined;
    await exchange.orEnd((done) => {
      if (leftMs > spinsMs) timer = setTimeout(done, leftMs - spinsMs);
      else setImmediate(done);
    });
    clearTimeout(timer);
    leftMs = dueAtMs - performance.now();
  }
}
