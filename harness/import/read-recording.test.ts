import { describe, expect, test } from 'vitest';
import { readRecording } from './read-recording.ts';

const QUESTION = '{"model":"gpt-5.4-nano"}';
const ANSWER = '{"object":"chat.completion","text":"né"}';
const BASE64 = Buffer.from(ANSWER).toString('base64');
const URI = 'https://api.openai.com/v1/chat/completions';

/** One and the same exchange as each tool writes it. */
const RECORDINGS = {
  vcrpy: `interactions:
- request:
    body: '${QUESTION}'
    headers: {X-Mark: [a, b]}
    method: POST
    uri: ${URI}
  response:
    body: {string: '${ANSWER}'}
    headers: {Content-Type: [application/json]}
    status: {code: 200, message: OK}
version: 1
`,
  'vcrpy with binary': `interactions:
- request:
    body: !!binary |
      ${Buffer.from(QUESTION).toString('base64')}
    headers: {x-mark: [a, b]}
    method: POST
    uri: ${URI}
  response:
    body:
      string: !!binary |
        ${BASE64}
    headers: {content-type: [application/json]}
    status: {code: 200, message: OK}
version: 1
`,
  'vcrpy of httpx, before version 6': `interactions:
- request:
    body: '${QUESTION}'
    headers: {x-mark: "a, b"}
    method: POST
    uri: ${URI}
  response:
    content: '${ANSWER}'
    headers: {content-type: application/json}
    http_version: HTTP/1.1
    status_code: 200
version: 1
`,
  'vcrpy as JSON': JSON.stringify({
    version: 1,
    interactions: [
      {
        request: { method: 'POST', uri: URI, body: QUESTION, headers: { 'X-Mark': ['a', 'b'] } },
        response: {
          status: { code: 200, message: 'OK' },
          headers: { 'Content-Type': ['application/json'] },
          body: { string: ANSWER },
        },
      },
    ],
  }),
  'vcrpy with parsed bodies': `interactions:
- request:
    headers: {x-mark: [a, b]}
    method: POST
    parsed_body: {model: gpt-5.4-nano}
    uri: ${URI}
  response:
    headers: {content-type: [application/json]}
    parsed_body: {object: chat.completion, text: né}
    status: {code: 200, message: OK}
version: 1
`,
  'vcrpy with typed bodies': `version: 1
interactions:
- request:
    method: POST
    uri: ${URI}
    headers: {x-mark: [a, b]}
    body: {type: json, content: {model: gpt-5.4-nano}}
  response:
    status: 200
    headers: {content-type: [application/json]}
    body: {type: json, content: {object: chat.completion, text: né}}
`,
  VCR: `---
http_interactions:
- request:
    method: post
    uri: ${URI}
    body: {encoding: UTF-8, string: '${QUESTION}'}
    headers: {X-Mark: [a, b]}
  response:
    status: {code: 200, message: OK}
    headers: {Content-Type: [application/json]}
    body:
      encoding: ASCII-8BIT
      string: !binary |-
        ${BASE64}
  recorded_at: Fri, 15 Aug 2025 21:07:10 GMT
recorded_with: VCR 6.3.1
`,
  'VCR with exact bytes': `---
http_interactions:
- request:
    method: post
    uri: ${URI}
    body: {encoding: UTF-8, base64_string: ${Buffer.from(QUESTION).toString('base64')}}
    headers: {X-Mark: [a, b]}
  response:
    status: {code: 200, message:}
    headers: {Content-Type: [application/json]}
    body: {encoding: UTF-8, base64_string: ${BASE64}}
    http_version:
  recorded_at: Fri, 15 Aug 2025 21:07:10 GMT
recorded_with: VCR 6.3.1
`,
  'go-vcr 2': `---
version: 1
interactions:
- request:
    body: '${QUESTION}'
    form: {}
    headers: {X-Mark: [a, b]}
    url: ${URI}
    method: POST
  response:
    body: '${ANSWER}'
    headers: {Content-Type: [application/json]}
    status: 200 OK
    code: 200
    duration: ""
`,
  'go-vcr 3 and 4': `---
version: 2
interactions:
    - id: 0
      request:
        proto: HTTP/1.1
        content_length: 24
        host: api.openai.com
        body: '${QUESTION}'
        headers: {X-Mark: [a, b]}
        url: ${URI}
        method: POST
      response:
        proto: HTTP/2.0
        uncompressed: true
        body: '${ANSWER}'
        headers: {Content-Type: [application/json]}
        status: 200 OK
        code: 200
        duration: 574.093959ms
`,
  HAR: JSON.stringify({
    log: {
      version: '1.2',
      entries: [
        {
          startedDateTime: '2025-08-15T21:07:10.000Z',
          request: {
            method: 'POST',
            url: URI,
            headers: [
              { name: 'X-Mark', value: 'a' },
              { name: 'X-Mark', value: 'b' },
            ],
            postData: { mimeType: 'application/json', text: QUESTION },
          },
          response: {
            status: 200,
            headers: [{ name: 'content-type', value: 'application/json' }],
            content: { size: 40, mimeType: 'application/json', text: BASE64, encoding: 'base64' },
          },
        },
      ],
    },
  }),
} as const;

test.for(Object.entries(RECORDINGS))('%s is read', ([name, text]) => {
  const { tool, exchanges, leftOut } = readRecording(text);
  expect(leftOut).toEqual([]);
  expect(name).toMatch(tool);
  expect(exchanges).toMatchObject([
    {
      method: 'POST',
      url: URI,
      requestHeaders: { 'x-mark': 'a, b' },
      status: 200,
      headers: { 'content-type': 'application/json' },
    },
  ]);
  expect(String(exchanges[0]?.requestBody)).toBe(QUESTION);
  expect(String(exchanges[0]?.body)).toBe(ANSWER);
});

describe('what cannot be read', () => {
  test('is listed beside what can', () => {
    const broken = RECORDINGS.vcrpy.replace('version: 1', '- request: {method: POST}\nversion: 1');
    const { exchanges, leftOut } = readRecording(broken);
    expect(exchanges).toHaveLength(1);
    expect(leftOut).toMatchObject([{ place: 'interaction 2' }]);
  });

  test.for([
    ['text', 'hello: world', 'no HTTP interactions'],
    ['broken JSON', '{ "sk-secret"', 'neither JSON nor YAML'],
    ['broken YAML', 'sk-secret: [', 'neither JSON nor YAML'],
    ['nothing', '', 'no HTTP interactions'],
  ] as const)('is the whole file when it holds %s', ([, text, said]) => {
    const { leftOut } = readRecording(text);
    expect(leftOut).toMatchObject([{ place: 'the file', why: expect.stringContaining(said) }]);
    expect(JSON.stringify(leftOut)).not.toContain('sk-secret');
  });
});
