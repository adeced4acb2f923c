import { describe, expect } from 'vitest';
import { missedInAnswer } from '#contracts/pact/missed-in-answer.ts';
import { PactVerifier } from '#contracts/pact/pact-verifier.ts';
import { liveCases, liveTest as test } from '#contracts/testing/live-test.ts';
import { Redactor } from '#harness/cassettes/redact/redactor.ts';

/** The twins of the recorded cases: the same scenarios, answered by the live providers. */
describe('live', () => {
  test.for(liveCases)(
    '$id: keeps its promise, is billed as the provider reports, and has the shape of the recording',
    { tags: ['requires_api'] },
    async (one, { run, skip, annotate }) => {
      const { plan, isRequired } = run;
      const reason = plan.whyNot(one);
      if (reason !== undefined) {
        if (isRequired && one.cannotBeRecorded === undefined)
          throw new Error(`${one.id} cannot be played live: ${reason}.`);
        skip(reason);
      }
      const recording = plan.recordings.get(one.id);
      if (recording === undefined) throw new TypeError(`There is no cassette ${one.id}.`);
      const service = await run.service();
      const settle = plan.reserve(one);
      const { exchanges, findings, news, unchecked } = await service.play(one, recording);
      settle(exchanges);
      for (const told of news) await annotate(told, 'news');
      // Never green; the tag asks a provider again that was busy or away.
      if (unchecked !== undefined) throw new Error(`${one.id} could not be checked: ${unchecked}`);
      expect(findings, findings.map(({ message }) => message).join('\n')).toEqual([]);
      const response = exchanges.at(-1)?.response;
      using verifier = new PactVerifier();
      const missed = response && (await missedInAnswer({ recording, response }, verifier));
      expect(new Redactor(service.secrets).text('report', missed ?? '')).toBe('');
    },
  );
});
