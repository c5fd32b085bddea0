import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { expectStatus } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
import { FROZEN_MS, type Pulse, watchPulse } from '../../support/pulse.js';
import { TestApp } from '../../support/test-app.js';

let app: TestApp;
let person: Person;
let pulse: Pulse;

beforeAll(async () => {
  app = await TestApp.spawn();
  person = await app.parent();
  pulse = watchPulse(app);
});
afterAll(async () => {
  await pulse?.stop();
  await app?.stop();
});

const idOf = async (sent: string | string[]) =>
  (await app.get('/health/live', { headers: { 'X-Request-Id': sent } })).headers.get('x-request-id');

const elapsed = async (...chunks: Parameters<TestApp['raw']>) => {
  const start = performance.now();
  const answer = await app.raw(...chunks);
  return { answer, seconds: (performance.now() - start) / 1000 };
};

describe('headers', () => {
  it('a request id of the client is kept if it is 1 to 128 plain characters', async () => {
    for (const id of ['a', 'A.b_c-9', 'x'.repeat(128)]) expect(await idOf(id)).toBe(id);
    for (const id of ['', 'x'.repeat(129), 'a b', 'a/b', 'a,b', 'ä', '{}', '"a"']) {
      expect(await idOf(id)).not.toBe(id);
      expect(await idOf(id)).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
    }
    expect(await idOf(['a', 'b'])).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  });

  it('every /v1 answer says no-store, whatever its status', async () => {
    for (const path of ['/v1/users/me', '/v1/users', '/v1/nothing', '/v1/sessions']) {
      for (const token of [person.token, undefined]) {
        expect((await app.get(path, { token })).headers.get('cache-control')).toBe('no-store');
      }
    }
  });

  it('too many headers, or bytes that are not HTTP, are answered with an error of the usual shape', async () => {
    const bad = await app.raw('NONSENSE\r\n\r\n');
    expect(bad).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(bad.split('\r\n\r\n')[1]!)).toEqual({ errors: expect.any(String) });
    const large = await app.raw(
      `GET /v1/users HTTP/1.1\r\nHost: x\r\nX-Filler: ${'x'.repeat(100_000)}\r\n\r\n`,
    );
    expect(large).toMatch(/^HTTP\/1\.1 431 /);
    expect(JSON.parse(large.split('\r\n\r\n')[1]!)).toEqual({ errors: expect.any(String) });
  });
});

describe.concurrent('requests that take their time', { timeout: 30_000 }, () => {
  it('headers that do not end within 5 seconds are answered 408', async () => {
    const { answer, seconds } = await elapsed('GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toEqual({ errors: expect.any(String) });
    expect(seconds).toBeGreaterThan(4.5);
    expect(seconds).toBeLessThan(8);
  });

  it('headers that trickle in are answered 408', async () => {
    const trickle = Array.from({ length: 12 }, async (_, i) => {
      await delay(i * 500);
      return `X-Slow-${i}: 1\r\n`;
    });
    const { answer, seconds } = await elapsed('GET /health/live HTTP/1.1\r\nHost: localhost\r\n', ...trickle);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(seconds).toBeLessThan(8);
  });

  it.for(['a', ''])(
    'a body that does not end within 10 seconds, begun with "%s", is answered 408',
    async (start) => {
      const { answer, seconds } = await elapsed(
        'POST /v1/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n',
        start,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toEqual({ errors: expect.any(String) });
      expect(seconds).toBeGreaterThan(9);
      expect(seconds).toBeLessThan(14);
    },
  );

  it('a body that trickles in by chunks is answered 408', async () => {
    const trickle = Array.from({ length: 24 }, async (_, i) => {
      await delay(i * 500);
      return '1\r\n \r\n';
    });
    const { answer, seconds } = await elapsed(
      'POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
        'Transfer-Encoding: chunked\r\n\r\n',
      ...trickle,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(seconds).toBeLessThan(14);
  });

  it('twenty silent connections hold up no other request', async () => {
    const silent = Array.from({ length: 20 }, () =>
      elapsed('POST /v1/users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n'),
    );
    const start = performance.now();
    expectStatus(await app.get(`/v1/users/${person.id}`, { token: person.token }), 200);
    expect(performance.now() - start).toBeLessThan(FROZEN_MS);
    for (const { answer } of await Promise.all(silent)) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('meanwhile', () => {
  it('the server went on answering all the while, and logged no error', async () => {
    expect(await pulse.stop()).toBeLessThan(FROZEN_MS);
    expect(app.logs()).not.toMatch(/"level":"(error|fatal)"/);
  });
});
