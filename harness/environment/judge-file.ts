import type { DeployedFile } from './deployed-files.ts';
import type { JudgedFinding } from './judged-finding.ts';
import { type Assignment, scanText } from './scan-text.ts';
import { scanYaml } from './scan-yaml.ts';
import { readSwitchInFile, showValue, type Variables } from './test-mode.ts';
import { findTestPatterns } from './test-patterns.ts';

const YAML = /\.(?:ya?ml|json)$/;

/** Judges one deployed file; `environment` decides what its `$NAME`s stand for. */
export function judgeFile(file: DeployedFile, environment: Variables): JudgedFinding[] {
  const { content } = file;
  if ('unread' in content) return [unreadFinding(file, content.unread)];
  return [
    ...(file.isSettings ? judgeSettings(file, content.text, environment) : []),
    ...(file.isSource ? judgeSource(file, content.text) : []),
  ];
}

/** Nobody knows what stands in a file that was not read: for settings, that is never green. */
function unreadFinding(file: DeployedFile, reason: string): JudgedFinding {
  return {
    severity: file.isSettings && !file.isForTests ? 'error' : 'warning',
    check: 'environment/file-not-read',
    message: `${file.path} was not read: ${reason}.`,
    fix: 'Make it a readable file of at most 1 MiB inside the root, or move it out of what is deployed.',
  };
}

function judgeSettings(file: DeployedFile, text: string, environment: Variables): JudgedFinding[] {
  const assignments = (YAML.test(file.path) ? scanYaml(text) : undefined) ?? scanText(text);
  return assignments.flatMap((assignment) => judgeAssignment(file, assignment, environment));
}

function judgeAssignment(
  file: DeployedFile,
  { variable, value, line }: Assignment,
  environment: Variables,
): JudgedFinding[] {
  const verdict = readSwitchInFile(variable, value, environment);
  if (verdict === 'off' || (verdict === 'unclear' && file.isCode)) return [];
  const what =
    verdict === 'on'
      ? `${variable} puts the service into test mode (${showSource(value)})`
      : `${variable} is ${showValue(value)}, which is none of true, 1, yes, false, 0, no`;
  const because = file.isForTests ? ' Only a warning, because the name says it is for tests.' : '';
  return [
    {
      severity: file.isForTests ? 'warning' : 'error',
      check: 'environment/test-mode-in-file',
      message: `${file.path}:${line}: ${what}.${because}`,
      fix: `Remove ${variable} from the file, or switch it off there.`,
    },
  ];
}

function showSource(value: string): string {
  return value.includes('$') ? 'an expression that can be on' : showValue(value);
}

function judgeSource(file: DeployedFile, text: string): JudgedFinding[] {
  return findTestPatterns(text).map(({ what, line }) => ({
    severity: 'warning',
    check: 'environment/test-pattern',
    message: `${file.path}:${line}: deployed source holds ${what}.`,
    fix: 'Move it to the tests, or let tests inject it.',
  }));
}
