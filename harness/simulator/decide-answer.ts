import type { Provider } from '#harness/cassettes/provider.ts';
import type { Finding } from '#harness/findings/finding.ts';
import type { Answer } from './answer.ts';
import { type Asked, applyFaults } from './apply-faults.ts';
import { hideKey, keyFingerprint } from './key-fingerprint.ts';
import type { AnswerContext, ProviderRequest, ProviderWire } from './providers/wire.ts';
import { prepareVerbatim } from './replay.ts';
import type { ReplayShelf } from './replay-shelf.ts';
import type { ProviderScript } from './script.ts';
import type { ScriptQueue } from './script-queue.ts';

/** Everything a simulator can answer from. */
export interface AnswerSources {
  readonly scripts: ScriptQueue;
  readonly shelf: ReplayShelf;
  /** true: what nothing else answers is answered by a generated answer instead of a refusal. */
  readonly generates: boolean;
  isAccepted(provider: Provider, key: string): boolean;
}

export interface Decision {
  readonly answer: Answer;
  /** As in the ledger; undefined when refused. */
  readonly answeredBy: string | undefined;
  readonly script?: ProviderScript;
  /** Why it was refused. */
  readonly finding?: Finding;
}

/**
 * The order of answering: a scripted error or verbatim answer; the provider's own refusal of a key it does not know;
 * a scripted answer; a cassette; the provider's own refusal of a bad request; its catalogue, and
 * generated answers where they are wanted. What is left is refused, and is a finding.
 */
export function decideAnswer(
  sources: AnswerSources,
  wire: ProviderWire,
  { request, context }: { request: ProviderRequest; context: AnswerContext },
): Decision {
  const key = context.key ?? '';
  const script = sources.scripts.peek(key);
  if (script !== undefined && script.answer.kind !== 'generated') {
    return takeScript(sources, script, { wire, request, context });
  }
  const isAccepted = sources.isAccepted(wire.provider, key);
  if (!isAccepted) {
    return refuseKey(sources, wire, { request, context });
  }
  if (script !== undefined && request.operation.kind === 'inference') {
    const badRequest = wire.checkRequest(request, context);
    return badRequest === undefined
      ? takeScript(sources, script, { wire, request, context })
      : { answer: badRequest, answeredBy: 'rules' };
  }
  const replay = sources.shelf.find(wire, request, { key, isAccepted });
  if ('answer' in replay) {
    return { answer: replay.answer, answeredBy: replay.id };
  }
  return (
    answerByRules(sources, wire, { request, context }) ?? refuse(wire, { request, key }, replay)
  );
}

/** As it was recorded, else as the rules have it: a key that is not known gets nothing else. */
function refuseKey(
  { shelf }: AnswerSources,
  wire: ProviderWire,
  { request, context }: { request: ProviderRequest; context: AnswerContext },
): Decision {
  const replay = shelf.find(wire, request, { key: context.key ?? '', isAccepted: false });
  return 'answer' in replay
    ? { answer: replay.answer, answeredBy: replay.id }
    : { answer: wire.answerBadKey(request, context), answeredBy: 'rules' };
}

function takeScript(sources: AnswerSources, script: ProviderScript, asked: Asked): Decision {
  sources.scripts.take(asked.context.key ?? '');
  const answer = applyFaults(scriptedAnswer(sources, script, asked), script, asked);
  return { answer, answeredBy: 'script', script };
}

function scriptedAnswer(
  { shelf }: AnswerSources,
  { answer }: ProviderScript,
  { wire, request, context }: Asked,
): Answer {
  switch (answer.kind) {
    case 'generated':
      return wire.generate(request, answer, context);
    case 'error':
      return wire.answerError(answer, request, context);
    case 'verbatim':
      return prepareVerbatim(wire, answer);
    case 'cassette':
      return shelf.show(wire, answer);
  }
}

function answerByRules(
  { generates }: AnswerSources,
  wire: ProviderWire,
  { request, context }: { request: ProviderRequest; context: AnswerContext },
): Decision | undefined {
  const badRequest = wire.checkRequest(request, context);
  if (badRequest !== undefined) {
    return { answer: badRequest, answeredBy: 'rules' };
  }
  const { kind } = request.operation;
  if (kind === 'catalogue' || (kind === 'inference' && generates)) {
    return { answer: wire.generate(request, undefined, context), answeredBy: 'generated' };
  }
  return undefined;
}

function refuse(
  wire: ProviderWire,
  { request, key }: { request: ProviderRequest; key: string },
  { check, why }: { check: string; why: string },
): Decision {
  const what = `${wire.provider} was asked ${request.method} ${request.path} with the key ${keyFingerprint(key)}, and nothing answers that: no script is queued for this key.`;
  const message = hideKey(`${what} ${why}`, key);
  const fix =
    'If the request is wrong, mend the service; if it is meant, record the case again, or queue a script for the key.';
  return {
    answer: wire.answerRefused(message),
    answeredBy: undefined,
    finding: { check, message, fix },
  };
}
