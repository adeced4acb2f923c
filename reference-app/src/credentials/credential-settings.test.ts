import { describe, expect, test } from 'vitest';
import { parseSettings, requireAllowedBaseUrl } from './credential-settings.ts';

const ALLOWED = ['https://proxy.example/v1/', 'http://127.0.0.1:8080'];
const RULES = {
  provider: 'openai',
  settingNames: ['base_url', 'organization', 'timeout_ms'],
  allowedBaseUrls: ALLOWED,
} as const;

describe('settings of a credential', () => {
  test('may be empty', () => {
    expect(parseSettings({}, RULES)).toEqual({});
  });

  test('keep what they were given, with the base URL in its normal form', () => {
    const settings = { base_url: 'HTTPS://Proxy.example/v1/', organization: 'org-1' };
    expect(parseSettings(settings, RULES)).toEqual({
      base_url: 'https://proxy.example/v1',
      organization: 'org-1',
    });
  });

  test.for([
    ['a text', 'fast', 'settings'],
    ['a name that no provider has', { colour: 'red' }, 'settings'],
    ['a name that this provider lacks', { default_model: 'm' }, 'settings.default_model'],
    [
      'an organisation that would break a header',
      { organization: 'a\r\nb' },
      'settings.organization',
    ],
    ['a time-out of nothing', { timeout_ms: 0 }, 'settings.timeout_ms'],
    ['a time-out of a day', { timeout_ms: 86_400_000 }, 'settings.timeout_ms'],
    ['half a millisecond', { timeout_ms: 1_000.5 }, 'settings.timeout_ms'],
  ] as const)('refuse %s and name the place', ([, settings, param]) => {
    expect(() => parseSettings(settings, RULES)).toThrow(
      expect.objectContaining({ status: 422, body: expect.objectContaining({ param }) }),
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
