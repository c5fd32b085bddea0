import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app?.stop());

interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends bytes as they are, which no client library would. */
function raw(request: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(app.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n', 2);
      const [statusLine = '', ...lines] = head.split('\r\n');
      const headers = new Map(lines.map((line) => line.split(': ', 2) as [string, string]));
      resolve({
        status: Number(statusLine.split(' ')[1]),
        headers: new Map([...headers].map(([name, value]) => [name.toLowerCase(), value])),
        body,
      });
    });
    socket.write(request);
  });
}

const lines = (...all: string[]): string => [...all, 'Connection: close', '', ''].join('\r\n');

function expectShape(answer: RawAnswer, status: number): void {
  expect({ status: answer.status, body: JSON.parse(answer.body) as unknown }).toEqual({
    status,
    body: { errors: expect.any(String) },
  });
  expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
  expect(answer.headers.get('x-request-id')).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
}

describe('every answer of the process has the shape and the headers of an error', () => {
  it.each([
    ['a path that cannot be decoded', 404, ['GET /v1/%zz HTTP/1.1', 'Host: a']],
    ['an expectation', 417, ['GET /v1/users/me HTTP/1.1', 'Host: a', 'Expect: foo']],
    ['two hosts', 400, ['GET /v1/users/me HTTP/1.1', 'Host: a', 'Host: b']],
    ['no host', 400, ['GET /v1/users/me HTTP/1.1']],
    ['a tunnel', 405, ['CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443']],
    ['an unknown method of a known path', 404, ['PROPFIND /v1/users HTTP/1.1', 'Host: a']],
    ['OPTIONS that is no preflight', 404, ['OPTIONS /v1/users HTTP/1.1', 'Host: a']],
    ['another spelling of a path', 401, ['GET /%761/users/me HTTP/1.1', 'Host: a']],
    ['bytes that are no request', 400, ['what is this']],
  ])('%s is answered %i', async (_, status, request) => {
    expectShape(await raw(lines(...request)), status);
  });

  it('a body in a coding is refused with the name of what is wrong', async () => {
    const answer = await raw(
      `${lines('POST /v1/sessions HTTP/1.1', 'Host: a', 'Content-Type: application/json', 'Content-Encoding: gzip', 'Content-Length: 2')}{}`,
    );
    expectShape(answer, 415);
    expect(answer.body).toContain('Content-Encoding');
  });

  it('the host of an absolute target reaches no answer', async () => {
    const { token } = await app.firstAdmin();
    const answer = await raw(
      lines('GET http://evil.example/v1/users?page_size=1 HTTP/1.1', 'Host: a', `X-User-Token: ${token}`),
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('link')).toContain('</v1/users?');
    expect(JSON.stringify([...answer.headers])).not.toContain('evil');
  });
});

describe('errors of libraries', () => {
  it.each([
    ['an impossible range', { range: 'bytes=9999999-' }],
    ['a precondition', { 'if-match': '"nothing"' }],
    ['a precondition on time', { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }],
  ])('%s under /docs is no fault of the server', async (_, headers) => {
    const answer = await app.get('/docs/swagger-ui.css', { headers });
    expect(answer.status).toBeGreaterThanOrEqual(200);
    expect(answer.status).toBeLessThan(500);
    if (answer.status >= 400) expect(answer.body).toEqual({ errors: expect.any(String) });
    expect(app.logs()).not.toContain('A request failed');
  });
});
