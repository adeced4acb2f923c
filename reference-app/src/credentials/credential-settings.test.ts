import { describe, expect, test } from 'vitest';
import { checkSettings, credentialSettings, requireAllowedBaseUrl } from './credential-settings.ts';

const ALLOWED = ['https://proxy.example/v1/', 'http://127.0.0.1:8080'];
const RULES = {
  provider: 'openai',
  settingNames: ['base_url', 'organization', 'timeout_ms'],
  allowedBaseUrls: ALLOWED,
} as const;

describe('settings of a credential', () => {
  test('may be empty', () => {
    expect(checkSettings({}, RULES)).toEqual({});
  });

  test('keep what they were given, with the base URL in its normal form', () => {
    const settings = { base_url: 'HTTPS://Proxy.example/v1/', organization: 'org-1' };
    expect(checkSettings(settings, RULES)).toEqual({
      base_url: 'https://proxy.example/v1',
      organization: 'org-1',
    });
  });

  test.for([
    ['a text', 'fast', ''],
    ['an organisation that would break a header', { organization: 'a\r\nb' }, 'organization'],
    ['a version that would be more than one', { api_version: '2024-10-21&x=y' }, 'api_version'],
    ['a time-out of nothing', { timeout_ms: 0 }, 'timeout_ms'],
    ['a time-out of a day', { timeout_ms: 86_400_000 }, 'timeout_ms'],
    ['half a millisecond', { timeout_ms: 1_000.5 }, 'timeout_ms'],
    ['a name that no provider has', { colour: 'red' }, ''],
  ] as const)('are not %s', ([, settings, place]) => {
    const [issue] = credentialSettings.safeParse(settings).error?.issues ?? [];
    expect(issue?.path.join('.')).toBe(place);
  });

  test.for(['2024-10-21', '2025-03-01-preview'])('may name the version %s', (api_version) => {
    expect(credentialSettings.parse({ api_version })).toEqual({ api_version });
  });

  test('refuse one that this provider lacks, and name it', () => {
    expect(() => checkSettings({ default_model: 'm' }, RULES)).toThrow(
      expect.objectContaining({
        status: 422,
        body: expect.objectContaining({ param: 'settings.default_model' }),
      }),
    );
  });

  test.for([
    'https://proxy.example',
    'https://proxy.example/v1/more',
    'https://proxy.example.evil/v1',
    'https://proxy.example@evil.example/v1',
    'https://user:word@proxy.example/v1',
    'http://proxy.example/v1',
    'https://proxy.example:444/v1',
    'https://proxy.example/v1?to=evil',
    'https://proxy.example/v1/../../v2',
    'http://127.0.0.1:8081',
    'http://169.254.169.254/latest',
    'file:///etc/passwd',
    'proxy.example/v1',
    '',
  ])('refuse the base URL %j', (text) => {
    expect(() => requireAllowedBaseUrl(text, ALLOWED)).toThrow(
      expect.objectContaining({
        status: 422,
        body: expect.objectContaining({ code: 'base_url_not_allowed' }),
      }),
    );
  });
});
