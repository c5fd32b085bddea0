import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import { type Person, someone } from '../../support/people.js';
import { TestApp } from '../../support/test-app.js';

const MALFORMED = 'Malformed JSON';
const TOO_LARGE = 'Request body is too large';
const WRONG_TYPE = 'Content-Type must be application/json';
const JSON_TYPE = { 'Content-Type': 'application/json' };
const MAX_BODY_SIZE = 16 * 1024;
/** A server that is busy with nothing but one bad request answers far sooner; the machine may be loaded. */
const FROZEN_MS = 2000;

let app: TestApp;
let person: Person;
let admin: Person;
let pulse: { stop(): Promise<number> };

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

/** Asks all the while whether the server is alive. */
function watchPulse({ get }: TestApp): { stop(): Promise<number> } {
  const stopping = new AbortController();
  let slowest = 0;
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      const start = performance.now();
      expectStatus(await get('/health/live'), 200);
      slowest = Math.max(slowest, performance.now() - start);
      await delay(25);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await watching;
      return slowest;
    },
  };
}

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

const list = (query: string, token = admin.token) => app.get(`/v1/users?${query}`, { token });

const idOf = async (sent: string | string[]) =>
  (await app.get('/health/live', { headers: { 'X-Request-Id': sent } })).headers.get('x-request-id');

const elapsed = async (...chunks: Parameters<TestApp['raw']>) => {
  const start = performance.now();
  const answer = await app.raw(...chunks);
  return { answer, seconds: (performance.now() - start) / 1000 };
};

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

const WRONG_FOR_A_STRING = [[], ['x'], [[]], {}, { a: 1 }, 0, 1, -1.5, 1e300, false, true];
const WRONG_FOR_A_FLAG = ['true', 'false', '', '1', 0, 1, [], [true], {}];

describe('values of the wrong type', () => {
  it.each(['email', 'password', 'first_name', 'last_name', 'phone', 'date_of_birth', 'language'])(
    'user.%s of the wrong type is invalid at sign-up',
    async (field) => {
      for (const value of WRONG_FOR_A_STRING) {
        const answer = await app.signUp({ user: { [field]: value } });
        expectErrors(answer, 422, { [field]: ['is invalid'] });
      }
    },
  );

  it.each([
    'email',
    'password',
    'first_name',
    'last_name',
    'phone',
    'date_of_birth',
    'language',
    'current_password',
  ])('user.%s of the wrong type is invalid in an update', async (field) => {
    for (const value of WRONG_FOR_A_STRING) {
      const body = { user: { [field]: value } };
      const answer = await app.put(`/v1/users/${person.id}`, { body, token: person.token });
      expectErrors(answer, 422, { [field]: ['is invalid'] });
    }
  });

  it.each(['clinical', 'template', 'native_signup'])(
    'the flag %s of the wrong type is invalid at sign-up',
    async (flag) => {
      for (const value of WRONG_FOR_A_FLAG) {
        expectErrors(await app.signUp({ [flag]: value }), 422, { [flag]: ['is invalid'] });
      }
      expect((await app.signUp({ [flag]: null })).status).toBe(201);
    },
  );

  it('the flag clinical of the wrong type is invalid in an update', async () => {
    for (const clinical of WRONG_FOR_A_FLAG) {
      const answer = await app.put(`/v1/users/${person.id}`, { body: { clinical }, token: person.token });
      expectErrors(answer, 422, { clinical: ['is invalid'] });
    }
    const { body } = await app.put(`/v1/users/${person.id}`, {
      body: { clinical: null },
      token: person.token,
    });
    expect(body.clinical).toBe(false);
  });

  it.each(['email', 'password'])('the %s of the wrong type is invalid at sign-in', async (field) => {
    for (const value of WRONG_FOR_A_STRING) {
      const body = { email: person.email, password: person.password, [field]: value };
      expectErrors(await app.post('/v1/sessions', { body }), 422, { [field]: ['is invalid'] });
    }
  });

  it('the email of the wrong type is invalid for email_has_account', async () => {
    for (const email of WRONG_FOR_A_STRING) {
      expectErrors(await app.post('/v1/users/email_has_account', { body: { email } }), 422, {
        email: ['is invalid'],
      });
    }
    expectErrors(await app.post('/v1/users/email_has_account'), 422, { email: ["can't be blank"] });
  });

  it('a role and an approval of the wrong type are invalid', async () => {
    for (const role of WRONG_FOR_A_STRING) {
      const answer = await app.put(`/v1/users/${person.id}/role`, { body: { role }, token: admin.token });
      expectErrors(answer, 422, { role: ['is invalid'] });
    }
    for (const approved of ['true', 'yes', 0, 1, [], {}]) {
      const answer = await app.put(`/v1/users/${person.id}/clinical_approval`, {
        body: { approved },
        token: admin.token,
      });
      expectErrors(answer, 422, { approved: ['is invalid'] });
    }
  });

  it('all failing fields and all their messages come in one answer, a taken address among them', async () => {
    const user = {
      email: ` ${person.email.toUpperCase()} `,
      password: 'x7!kq',
      first_name: ['x'],
      phone: 'call me',
      date_of_birth: '2023-02-30',
      language: '?',
    };
    expectErrors(await app.post('/v1/users', { body: { user, clinical: 'yes' } }), 422, {
      email: ['has already been taken'],
      password: ['is too short (minimum is 8 characters)'],
      first_name: ['is invalid'],
      last_name: ["can't be blank"],
      phone: ['is invalid'],
      date_of_birth: ['is invalid'],
      language: ['is invalid'],
      clinical: ['is invalid'],
    });
  });
});

describe('names of properties', () => {
  it('camelCase is not taken for snake_case', async () => {
    const { first_name: firstName, ...user } = someone();
    expectErrors(await app.post('/v1/users', { body: { user: { ...user, firstName } } }), 422, {
      first_name: ["can't be blank"],
    });
    const answer = await app.signUp({
      user: { dateOfBirth: 5, Language: 7, phoneE164: 1, _phone: 2 },
      nativeSignup: 'x',
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ date_of_birth: null, language: 'en' });
  });

  it('a value is not looked for at the wrong level of the body', async () => {
    const answer = await app.signUp({ user: { clinical: true, template: 'x' }, phone: 5, email: [] });
    expect(answer.status).toBe(201);
    expect(answer.body.clinical).toBe(false);
  });
});

describe('characters that belong nowhere', () => {
  it.each([
    ['a lone high surrogate', '\\ud800'],
    ['a lone low surrogate', 'x\\udc00y'],
    ['NUL', 'a\\u0000b'],
  ])('%s is invalid in every field', async (_, escaped) => {
    for (const field of [
      'email',
      'password',
      'first_name',
      'last_name',
      'phone',
      'date_of_birth',
      'language',
    ]) {
      const text = JSON.stringify({ user: { ...someone(), [field]: '?' } }).replace(
        '"?"',
        `"long enough${escaped}"`,
      );
      expectErrors(await send(text), 422, { [field]: ['is invalid'] });
    }
  });

  it.each(['\\u0001', '\\t', '\\n', '\\r', '\\u001b', '\\u007f', '\\u0085', '\\u009f'])(
    'the control character %s is invalid in a name',
    async (escaped) => {
      for (const field of ['first_name', 'last_name']) {
        const text = JSON.stringify({ user: { ...someone(), [field]: '?' } }).replace(
          '"?"',
          `"a${escaped}b"`,
        );
        expectErrors(await send(text), 422, { [field]: ['is invalid'] });
      }
    },
  );

  it('no account is found by characters that belong nowhere', async () => {
    for (const escaped of ['\\ud800', '\\u0000', '\\u0001', '\\uffff']) {
      const signIn = (email: string, password: string) =>
        app.post('/v1/sessions', {
          rawBody: `{"email":"${email}","password":"${password}"}`,
          headers: JSON_TYPE,
        });
      expectErrors(await signIn(`john${escaped}@example.com`, 'x'), 401, 'Invalid email or password');
      const wrong = await signIn(person.email, `${person.password}${escaped}`);
      expectErrors(wrong, 401, 'Invalid email or password');
      const { status } = await app.post('/v1/users/email_has_account', {
        rawBody: `{"email":"john${escaped}@example.com"}`,
        headers: JSON_TYPE,
      });
      expect(status).toBe(422);
    }
    for (const text of ['%00', '%ff', '%ed%a0%80', '%c0%af', '%', '%zz', '%0a', '%f0%9f%98%80']) {
      const { status } = await app.get(`/v1/users?search=${text}`, { token: admin.token });
      expect([200, 422]).toContain(status);
    }
  });
});

describe('ids', () => {
  const NOT_AN_ID = [
    '0',
    '00',
    '-1',
    '+1',
    '007',
    '0x10',
    '1e3',
    '1.0',
    '1.5',
    '1_000',
    'abc',
    'null',
    'undefined',
    'NaN',
    'Infinity',
    '1%20',
    '%201',
    '1%00',
    '%D9%A1',
    '4294967296',
    '9007199254740993',
    '18446744073709551616',
    '9'.repeat(400),
    '..%2f1',
    "1'%20OR%20'1'='1",
    '%ff',
    '__proto__',
    'constructor',
    '1;1',
    '1,1',
  ];

  it.each(NOT_AN_ID)('the id %s is answered 404 with a token', async (id) => {
    for (const { token } of [person, admin]) {
      for (const [method, path] of [
        ['GET', ''],
        ['PUT', ''],
        ['DELETE', ''],
        ['POST', '/cancel'],
        ['POST', '/reactivate'],
        ['PUT', '/role'],
        ['PUT', '/clinical_approval'],
      ] as const) {
        const answer = await app.send(method, `/v1/users/${id}${path}`, { token });
        expect(answer.status, `${method} ${path}`).toBe(404);
        expect(['User not found', 'Not found'], `${method} ${path}`).toContain(answer.body.errors);
      }
      const session = await app.delete(`/v1/sessions/${id}`, { token });
      expect(session.status).toBe(404);
    }
    const anonymous = await app.get(`/v1/users/${id}`);
    expect([401, 404]).toContain(anonymous.status);
  });

  it('an id that is a number is looked up, up to the largest', async () => {
    expectErrors(await app.get('/v1/users/4294967295', { token: admin.token }), 404, 'User not found');
    expectErrors(await app.get('/v1/users/abc', { token: admin.token }), 404, 'User not found');
    expectErrors(await app.get('/v1/users/4294967296', { token: person.token }), 404, 'User not found');
    expectErrors(await app.delete('/v1/sessions/abc', { token: person.token }), 404, 'Session not found');
  });

  it('an escaped digit of an id is that digit', async () => {
    const escaped = [...String(person.id)].map((digit) => `%3${digit}`).join('');
    const { status, body } = await app.get(`/v1/users/${escaped}`, { token: person.token });
    expect(status).toBe(200);
    expect(body.id).toBe(person.id);
  });
});

describe('routes that are none', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/v1'],
    ['GET', '/v1/nothing'],
    ['GET', '/v2/users'],
    ['PATCH', '/v1/users/1'],
    ['DELETE', '/v1/users'],
    ['PUT', '/v1/sessions'],
    ['GET', '/v1/users/1/nothing'],
    ['GET', '/%zz'],
    ['GET', '/v1/%ff'],
    ['GET', '/.env'],
    ['GET', '/v1/../../etc/passwd'],
  ])('%s %s is no route and is answered 404', async (method, path) => {
    for (const token of [undefined, person.token]) {
      const { status, body, headers } = await app.send(method, path, { token });
      expect({ status, body }).toEqual({ status: 404, body: { errors: 'Not found' } });
      expect(headers.get('x-request-id')).toBeTruthy();
    }
  });

  it('a bad body for an unknown route is answered 4xx, never 500', async () => {
    expect([400, 404]).toContain(
      (await app.post('/v1/nothing', { rawBody: '{', headers: JSON_TYPE })).status,
    );
    expect([404, 415]).toContain((await app.post('/v1/nothing', { rawBody: 'x' })).status);
  });
});

describe('query parameters', () => {
  const AT_LEAST_1 = 'must be greater than or equal to 1';

  it.each([
    ['page=0', { page: [AT_LEAST_1] }],
    ['page=-1', { page: [AT_LEAST_1] }],
    ['page=x', { page: ['must be an integer'] }],
    ['page=1.5', { page: ['must be an integer'] }],
    ['page=1e3', { page: ['must be an integer'] }],
    ['page=0x10', { page: ['must be an integer'] }],
    ['page=%201', { page: ['must be an integer'] }],
    ['page=true', { page: ['must be an integer'] }],
    ['page=NaN', { page: ['must be an integer'] }],
    ['page_size=0', { page_size: [AT_LEAST_1] }],
    ['page_size=201', { page_size: ['must be less than or equal to 200'] }],
    ['page_size=1000000000', { page_size: ['must be less than or equal to 200'] }],
    ['page_size=x', { page_size: ['must be an integer'] }],
    ['after_id=x', { after_id: ['must be an integer'] }],
    ['sort_by=password', { sort_by: ['is not included in the list'] }],
    ['sort_by=password_digest', { sort_by: ['is not included in the list'] }],
    ['sort_by=firstName', { sort_by: ['is not included in the list'] }],
    ['sort_by=constructor', { sort_by: ['is not included in the list'] }],
    ['sort_dir=up', { sort_dir: ['is not included in the list'] }],
    ['sort_dir=ASC;DROP', { sort_dir: ['is not included in the list'] }],
    ['role=root', { role: ['is not included in the list'] }],
    ['active=yes', { active: ['is invalid'] }],
    ['active=TRUE', { active: ['is invalid'] }],
    ['active=2', { active: ['is invalid'] }],
    ['confirmed=null', { confirmed: ['is invalid'] }],
    ['clinical=x', { clinical: ['is invalid'] }],
    ['template=x', { template: ['is invalid'] }],
    [
      'page=0&page_size=0&role=x',
      { page: [AT_LEAST_1], page_size: [AT_LEAST_1], role: ['is not included in the list'] },
    ],
    ['after_id=1&page=1', { after_id: ['is not allowed'] }],
    ['after_id=1&sort_by=email', { after_id: ['is not allowed'] }],
  ])('the query %s is answered 422', async (query, errors) => {
    expectErrors(await list(query), 422, errors);
    expectErrors(await list(query, person.token), 422, errors);
  });

  it.each([
    'page',
    'page_size',
    'after_id',
    'sort_by',
    'sort_dir',
    'search',
    'role',
    'active',
    'confirmed',
    'clinical',
    'template',
  ])('the query parameter %s is invalid when it is sent twice', async (name) => {
    for (const query of [
      `${name}=1&${name}=1`,
      `${name}=&${name}=`,
      `${name}=1&${name}=`,
      `${name}=a&x=1&${name}=b`,
    ]) {
      expectErrors(await list(query), 422, { [name]: ['is invalid'] });
    }
  });

  it.each([
    'page=&page_size=&after_id=&sort_by=&sort_dir=&search=&role=&active=&confirmed=&clinical=&template=',
    'unknown=1&unknown=2&__proto__=1&constructor=1&toString=x&prototype[a]=1',
    'pageSize=0&sortBy=x&pageSize=x',
    'page[]=0&page[a]=x',
    '&&&=&=x',
    'page',
    'page_size=200&sort_dir=desc',
    'sort_dir=Asc&sort_by=last_name',
    'active=true&confirmed=0&clinical=false&template=0',
  ])('the query %s is answered 200', async (query) => {
    expect((await list(query)).status).toBe(200);
  });

  it.each(['1000000000', '9007199254740991', '4294967296'])('page %s is an empty list', async (page) => {
    const answer = await list(`page=${page}&page_size=200`);
    expect(answer.status).toBe(200);
    expect(answer.body.users).toEqual([]);
    expect(answer.body.meta.page).toBe(Number(page));
  });

  it.each([
    'page=9007199254740993',
    'page=99999999999999999999999',
    'after_id=9007199254740993',
    'after_id=-1',
  ])('the query %s is either past the end or answered 422', async (query) => {
    const answer = await list(query);
    expect([200, 422]).toContain(answer.status);
  });

  it('a query is ignored on a route that has none', async () => {
    const { status } = await app.get(`/v1/users/${person.id}?page=x&id=7`, { token: person.token });
    expect(status).toBe(200);
  });
});

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
