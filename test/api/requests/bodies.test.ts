import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectErrors, NOT_AUTHORIZED } from '../../support/expectations.js';
import { type Person, someone } from '../../support/people.js';
import { FROZEN_MS, type Pulse, watchPulse } from '../../support/pulse.js';
import { TestApp } from '../../support/test-app.js';

const MALFORMED = 'Malformed JSON';
const TOO_LARGE = 'Request body is too large';
const WRONG_TYPE = 'Content-Type must be application/json';
const JSON_TYPE = { 'Content-Type': 'application/json' };
const MAX_BODY_SIZE = 16 * 1024;

let app: TestApp;
let person: Person;
let admin: Person;
let pulse: Pulse;

beforeAll(async () => {
  app = await TestApp.spawn();
  person = await app.parent();
  admin = await app.firstAdmin();
  pulse = watchPulse(app);
});
afterAll(async () => {
  await pulse?.stop();
  await app?.stop();
});

const send = (rawBody: string | Uint8Array, headers: Record<string, string> = JSON_TYPE) =>
  app.post('/v1/users', { rawBody, headers });

const signUpText = (extra = ''): string => {
  const text = JSON.stringify({ user: someone() });
  return extra === '' ? text : `${text.slice(0, -1)},${extra}}`;
};

const padded = (size: number): string => {
  const text = signUpText('"extra": ""');
  return text.replace('"extra": ""', `"extra": "${'x'.repeat(size - Buffer.byteLength(text))}"`);
};

const keys = (count: number): string => Array.from({ length: count }, (_, i) => `"k${i}":0`).join(',');

/** An object that is `depth` objects deep. */
const nested = (depth: number): unknown => (depth === 0 ? 'x' : { a: nested(depth - 1) });

describe('bodies that cannot be read', () => {
  it.each<[string, string | Uint8Array]>([
    ['half an object', '{"user": {'],
    ['no JSON at all', 'user=john'],
    ['blanks alone', '   '],
    ['a single quote', "{'user': {}}"],
    ['a trailing comma', '{"user": {},}'],
    ['two values', '{} {}'],
    ['NaN', '{"user": NaN}'],
    ['a bare control character in a string', '{"user": {"first_name": "a\u0001b"}}'],
    ['bytes that are not UTF-8', Buffer.from('{"user": {"first_name": "J\xf6rg"}}', 'latin1')],
    ['an overlong encoding', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ['a surrogate in UTF-8', Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
    ['a cut character', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xe2, 0x82])])],
    ['UTF-16', Buffer.from('\ufeff{"user": {}}', 'utf16le')],
    ['__proto__', '{"__proto__": {"isAdmin": true}}'],
    ['an escaped __proto__', '{"\\u005f\\u005fproto\\u005f_": {"isAdmin": true}}'],
    ['a __proto__ further in', '{"user": {"email": {"__proto__": 1}}}'],
    ['a __proto__ in an array', '{"user": {}, "extra": [[{"__proto__": null}]]}'],
  ])('a body that is not JSON is answered 400: %s', async (_, body) => {
    expectErrors(await send(body), 400, MALFORMED);
  });

  it('a byte order mark is no part of the body', async () => {
    expect((await send(`\ufeff${signUpText()}`)).status).toBe(201);
  });

  it('constructor and prototype are unknown properties like any other', async () => {
    const answer = await send(
      signUpText(
        '"constructor": {"prototype": {"isAdmin": true}}, "prototype": {}, "toString": 1, "found": {}',
      ),
    );
    expect(answer.status).toBe(201);
    expect(answer.body.role).toBe('parent');
    const names = ['hasOwnProperty', 'valueOf', 'then', 'errors', 'isAdmin', 'length'];
    const user = { ...someone(), ...Object.fromEntries(names.map((name) => [name, {}])) };
    expect((await app.signUp({ user, errors: { email: ['x'] }, found: { messages: [] } })).status).toBe(201);
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'email=john%40example.com'],
    ['a multipart form', 'multipart/form-data; boundary=x', '--x\r\n\r\n--x--'],
    ['text', 'text/plain', '{}'],
    ['XML', 'application/xml', '<user/>'],
    ['a relative of JSON', 'application/vnd.api+json', '{}'],
    ['a name that only begins like JSON', 'application/jsonp', '{}'],
    ['nonsense', 'nonsense', '{}'],
    ['a list of types', 'text/plain, application/json', '{}'],
  ])('a body of another Content-Type is answered 415: %s', async (_, type, body) => {
    expectErrors(await send(body, { 'Content-Type': type }), 415, WRONG_TYPE);
  });

  it('a body without a Content-Type is answered 415', async () => {
    expectErrors(await send('{}', {}), 415, WRONG_TYPE);
  });

  it.each(['application/json; charset=utf-8', 'application/json;charset=UTF-8', 'APPLICATION/JSON'])(
    'the Content-Type %s is JSON',
    async (type) => {
      expect((await send(signUpText(), { 'Content-Type': type })).status).toBe(201);
    },
  );

  it('a request without a body needs no Content-Type, and may have one', async () => {
    const blank = {
      email: ["can't be blank"],
      password: ["can't be blank"],
      first_name: ["can't be blank"],
      last_name: ["can't be blank"],
    };
    expectErrors(await app.post('/v1/users'), 422, blank);
    expectErrors(await app.post('/v1/users', { headers: JSON_TYPE }), 422, blank);
    expectErrors(await send('', JSON_TYPE), 422, blank);
    expectErrors(await app.post('/v1/users', { body: {} }), 422, blank);
    expectErrors(await app.post('/v1/users', { body: { user: {} } }), 422, blank);
    expectErrors(await app.post('/v1/users', { body: { user: null } }), 422, blank);
  });

  it('a body of 16 KiB is read, one with a byte more is answered 413', async () => {
    expect(Buffer.byteLength(padded(MAX_BODY_SIZE))).toBe(MAX_BODY_SIZE);
    expect((await send(padded(MAX_BODY_SIZE))).status).toBe(201);
    expectErrors(await send(padded(MAX_BODY_SIZE + 1)), 413, TOO_LARGE);
  });

  it('a large body in chunks, without a Content-Length, is answered 413', async () => {
    const chunk = `${(1024).toString(16)}\r\n${'x'.repeat(1024)}\r\n`;
    const answer = await app.raw(
      'POST /v1/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
        'Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n',
      `${chunk.repeat(20)}0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain(JSON.stringify({ errors: TOO_LARGE }));
  });

  it('a body of 80,000 keys is answered 413, and as many as fit are ignored', async () => {
    expectErrors(await send(`{${keys(80_000)}}`), 413, TOO_LARGE);
    expect((await send(signUpText(keys(1_500)))).status).toBe(201);
  });

  it('a body that cannot be read is answered 400 or 401, never 500', async () => {
    const answer = await app.put(`/v1/users/${person.id}`, { rawBody: '{', headers: JSON_TYPE });
    expect([400, 401]).toContain(answer.status);
  });
});

describe('depth', () => {
  it('eight objects inside one another are read, nine are answered 422', async () => {
    expect((await app.signUp({ extra: nested(7) })).status).toBe(201);
    expectErrors(await app.signUp({ extra: nested(8) }), 422, { base: ['is invalid'] });
  });

  it('arrays count like objects in the depth of a body', async () => {
    expect((await send(signUpText(`"extra": ${'['.repeat(7)}${']'.repeat(7)}`))).status).toBe(201);
    expectErrors(await send(signUpText(`"extra": ${'['.repeat(8)}${']'.repeat(8)}`)), 422, {
      base: ['is invalid'],
    });
  });

  it.each([
    ['arrays', `${'['.repeat(8000)}${']'.repeat(8000)}`],
    ['objects', `${'{"a":'.repeat(2700)}1${'}'.repeat(2700)}`],
    ['arrays in a name', `{"user":{"first_name":${'['.repeat(8000)}${']'.repeat(8000)}}}`],
  ])('thousands of nested %s are answered 422', async (_, body) => {
    expectErrors(await send(body), 422, { base: ['is invalid'] });
  });

  it('a body that is too deep is answered 401 or 403 first where those apply', async () => {
    expectErrors(await app.put('/v1/users/1', { body: nested(20) }), 401, NOT_AUTHORIZED);
    expectErrors(
      await app.put(`/v1/users/${admin.id}`, { body: nested(20), token: person.token }),
      403,
      NOT_AUTHORIZED,
    );
  });
});

describe('JSON that is no object', () => {
  it.each(['[]', '[{}]', '"user"', '1', 'true', 'false', 'null'])(
    'the body %s, which is no object, is answered 422 on base',
    async (body) => {
      expectErrors(await send(body), 422, { base: ['is invalid'] });
      const sent = { rawBody: body, headers: JSON_TYPE, token: person.token };
      expectErrors(await app.put(`/v1/users/${person.id}`, sent), 422, { base: ['is invalid'] });
    },
  );

  it.each([[[]], [[{}]], ['john'], [''], [0], [1], [true], [false]])(
    'a user that is %j is answered 422',
    async (user) => {
      expectErrors(await app.post('/v1/users', { body: { user } }), 422, { user: ['is invalid'] });
      expectErrors(await app.put(`/v1/users/${person.id}`, { body: { user }, token: person.token }), 422, {
        user: ['is invalid'],
      });
    },
  );
});

describe('meanwhile', () => {
  it('the server went on answering all the while, and logged no error', async () => {
    expect(await pulse.stop()).toBeLessThan(FROZEN_MS);
    expect(app.logs()).not.toMatch(/"level":"(error|fatal)"/);
  });
});
