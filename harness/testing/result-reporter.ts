import type { Reporter, TestCase, TestModule, TestSpecification, Vitest } from 'vitest/node';
import { sourceHashOf } from '#harness/suite/source-hash.ts';
import { type SuiteResult, saveSuiteResult } from '#harness/suite/suite-result.ts';
import type {} from './note-movements.ts';

interface Summary {
  pct: number | 'Unknown';
}

interface CoverageMap {
  getCoverageSummary(): Record<'lines' | 'branches' | 'functions', Summary>;
}

/**
 * A vitest reporter that keeps the result of each complete run for `tally verify`, under a hash of
 * the sources. Runs of a part (file or name filters, single projects, watch mode) are not kept.
 */
export class ResultReporter implements Reporter {
  #vitest: Vitest | undefined;
  #sourceHash: Promise<string | null> = Promise.resolve(null);
  #startedAtMs = 0;
  #isComplete = false;
  #coverage: SuiteResult['coverage'];

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
    this.#startedAtMs = performance.now();
    // Taken before the tests, so that sources edited meanwhile do not inherit this result.
    this.#sourceHash = sourceHashOf(vitest.config.root);
  }

  async onTestRunStart(queued: readonly TestSpecification[]): Promise<void> {
    const vitest = this.#vitest;
    if (vitest === undefined) return;
    const all = await vitest.globTestSpecifications();
    this.#isComplete =
      queued.length === all.length &&
      vitest.getGlobalTestNamePattern() === undefined &&
      vitest.config.project.length === 0 &&
      // Leaving tags out (slow, requires_api) is what the suite's own command does.
      (vitest.config.tagsFilter ?? []).every(onlyExcludes) &&
      !vitest.config.watch;
  }

  async onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): Promise<void> {
    const cases = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number =>
      cases.filter((testCase) => testCase.result().state === state).length;
    const outside = modules.flatMap((module) =>
      module.errors().map((error) => ({
        name: module.moduleId,
        file: module.relativeModuleId,
        message: error.message,
      })),
    );
    const result: SuiteResult = {
      passed: count('passed'),
      failed: count('failed') + outside.length + errors.length,
      skipped: count('skipped'),
      failures: [...cases.flatMap(failureOf), ...outside, ...errors.map(unhandledFailure)],
      ...(this.#coverage && { coverage: this.#coverage }),
      ...movedIn(cases),
      durationMs: performance.now() - this.#startedAtMs,
      endedAt: new Date().toISOString(),
    };
    const sourceHash = await this.#sourceHash;
    const root = this.#vitest?.config.root;
    if (!this.#isComplete || root === undefined || sourceHash === null) return;
    await saveSuiteResult(root, { sourceHash, result });
  }

  /** Comes before the end of the run, and not at all when tests failed. */
  onCoverage(coverage: unknown): void {
    const { lines, branches, functions } = (coverage as CoverageMap).getCoverageSummary();
    this.#coverage = {
      lines: percentOf(lines),
      branches: percentOf(branches),
      functions: percentOf(functions),
    };
  }
}

/** What note-movements.ts noted, of all workers together. */
function movedIn(cases: readonly TestCase[]): Pick<SuiteResult, 'moved'> {
  const noted = cases.flatMap((testCase) => testCase.meta().moved ?? []);
  return noted.length === 0 ? {} : { moved: [...new Set(noted)].sort() };
}

/** A suite that covers nothing at all is told no percentage; that is no full coverage. */
function percentOf({ pct }: Summary): number {
  return pct === 'Unknown' ? 0 : pct;
}

const EXCLUSIONS = /^\s*!\w+(\s*&&\s*!\w+)*\s*$/;

function onlyExcludes(tagsFilter: string): boolean {
  return EXCLUSIONS.test(tagsFilter);
}

function failureOf(testCase: TestCase): SuiteResult['failures'] {
  const result = testCase.result();
  if (result.state !== 'failed') return [];
  const message = result.errors.map((error) => error.message).join('\n');
  return [{ name: testCase.fullName, file: testCase.module.relativeModuleId, message }];
}

function unhandledFailure(error: unknown): SuiteResult['failures'][number] {
  const message = error instanceof Error ? error.message : JSON.stringify(error);
  return { name: 'unhandled error', file: '', message };
}
