/** What looks like a secret, whoever made it. The first rule that matches names it. */
export const PATTERNS = {
  'anthropic-key': /sk-ant-[\w-]{16,}/g,
  'openai-key': /(?<![A-Za-z0-9])sk-[\w-]{16,}/g,
  'google-key': /(?<![\w-])AIza[\w-]{35}(?![\w-])/g,
  'google-token': /(?<![A-Za-z0-9])ya29\.[\w-]{16,}/g,
  'bearer-token': /\bBearer\s+(?=[^\s"]*\d)[\w.~+/-]{16,}=*/gi,
  'web-token': /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g,
  // Providers show the ends of a key that they refuse.
  'masked-key': /(?<![A-Za-z0-9])(?:sk-[\w-]*|AIza[\w-]*)\*{2,}[\w*-]*/g,
  'organization-id': /(?<![A-Za-z0-9])org-[A-Za-z0-9]{16,}/g,
  'project-id': /(?<![A-Za-z0-9])proj_[A-Za-z0-9]{16,}|\bprojects\/\d{6,}/g,
} as const;

/** Headers whose value says who asked, or which request it was; the name stays. */
export const HEADER_RULES = {
  cookie: /^(set-)?cookie$/,
  'request-id': /request-?id$|^cf-ray$|trace|correlation/,
  'account-header': /organization|project|account|authorization|api-?key/,
} as const;

/** Every rule that can have matched; `known-secret` is one of the keys that the run itself held. */
export const RULES: readonly string[] = [
  'known-secret',
  ...Object.keys(PATTERNS),
  ...Object.keys(HEADER_RULES),
];
