/** A line of deployed source that looks as if it belonged to a test. */
export interface PatternHit {
  /** What it looks like, for the message. */
  what: string;
  line: number;
}

/**
 * Few on purpose: each was seen in production in the field. Matched on the lower-cased line, in
 * the syntax that POSIX awk shares, because validate-production-env.sh restates them.
 */
const PATTERNS: readonly { what: string; pattern: RegExp }[] = [
  // A look-up that answers with an invented user lets everybody in, and bills nobody.
  { what: 'an invented user', pattern: /(mock|fake|dummy)[_-]?user|(^|[^a-z])test[_-]?user/ },
  // A gateway honoured `mock_response` sent by its clients (LiteLLM #26941).
  { what: 'an invented answer', pattern: /mock[_-]?response|mock[_-]?testing/ },
  {
    what: 'a hard-coded test key',
    pattern: /["'`](sk|pk|api|key)[_-]test|test[_-]?api[_-]?key["']?[ \t]*[:=][ \t]*["'`]/,
  },
  {
    what: 'a mocking library',
    pattern: /(from|require\(|import)[ \t]*["'](nock|msw|sinon)["'/]|unittest\.mock/,
  },
];

// A gateway in test mode answered any key with the same user.
const TEST_BRANCH = /(^|[^a-z])(if|elif|unless|when)[ \t(!].*(is_?testing|[^a-z]testing)/;
const FIXED_ANSWER = /return[ \t(]*(["'`{[]|true([^a-z_]|$))/;
/** A fixed answer this many lines below the branch on test mode still belongs to it. */
const BRANCH_LINES = 3;

/** Finds test patterns, at most one per line. Lines that are comments do not count. */
export function findTestPatterns(text: string): PatternHit[] {
  const hits: PatternHit[] = [];
  let branchEnds = 0;
  for (const [index, raw] of text
    .toLowerCase()
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = index + 1;
    if (/^[ \t]*(?:#|\/\/|\/?\*)/.test(raw)) continue;
    if (TEST_BRANCH.test(raw)) branchEnds = line + BRANCH_LINES;
    const isFixed = line <= branchEnds && FIXED_ANSWER.test(raw);
    const what = isFixed
      ? 'a fixed answer in a branch on test mode'
      : PATTERNS.find(({ pattern }) => pattern.test(raw))?.what;
    if (what !== undefined) hits.push({ what, line });
  }
  return hits;
}
