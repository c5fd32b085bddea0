import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectErrors, expectStatus } from '../../support/expectations.js';
import { fieldChecks, type FieldChecks } from '../../support/fields.js';
import { type Person, someone } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const BLANK = "can't be blank";
const INVALID = 'is invalid';
const TOO_SHORT = 'is too short (minimum is 8 characters)';
const TOO_MANY_BYTES = 'is too long (maximum is 72 bytes)';
/** 72 bytes that are no pattern. */
const LONGEST = Array.from({ length: 72 }, (_, index) => 'adgjmpsvybehknqtwzcfilorux'[(index * 7) % 26]).join(
  '',
);
const ANIMALS = '🦜🦔🦦🦥🦨🦩🦫🦝🦡🦘🦙🦚🦛🦢🐙🐢🐬🦋';
const OWN_NAME = 'must not be your name or e-mail address';

let app: InProcessApp;
let fields: FieldChecks;

beforeAll(async () => {
  app = await TestApp.start();
  fields = fieldChecks(app, await app.parent());
});
afterAll(() => app?.stop());

const signsIn = async (email: string, password: string) => (await app.trySignIn(email, password)).status;

describe('password', () => {
  it.each([
    ['eight characters', 'xq7!kq?w'],
    ['spaces inside and around', '  blue hat  '],
    ['eight emoji', '🦜🦔🦦🦥🦨🦩🦫🦭'],
    ['no composition rules', 'onlylowercaseletters'],
    ['digits alone', '83749265018'],
    ['72 bytes', LONGEST],
    ['72 bytes in 18 characters', ANIMALS],
    ['control characters but NUL', 'tab\tnewline\nbell\u0007'],
    ['the example', 'securepassword123'],
  ])('a password is accepted and signs in: %s', async (_, password) => {
    const { body } = expectStatus(await app.signUp({ user: { password } }), 201);
    expect(await signsIn(body.email, password)).toBe(201);
    expect(await signsIn(body.email, `${password} `)).toBe(401);
    expect(await signsIn(body.email, password.slice(0, -1))).toBe(401);
  });

  it('a password is not trimmed', async () => {
    const { body } = expectStatus(await app.signUp({ user: { password: ' blue hat on ' } }), 201);
    expect(await signsIn(body.email, 'blue hat on')).toBe(401);
  });

  it.each([
    ['seven characters', 'xq7!kq?', TOO_SHORT],
    ['seven emoji, more than eight UTF-16 units', '🦜🦔🦦🦥🦨🦩🦫', TOO_SHORT],
    ['73 bytes', `${'ab'.repeat(36)}c`, TOO_MANY_BYTES],
    ['19 emoji', `${ANIMALS}🦉`, TOO_MANY_BYTES],
    ['very many', LONGEST.repeat(150), TOO_MANY_BYTES],
    ['nothing', '', BLANK],
    ['blanks', '            ', BLANK],
    ['other blanks', '\t\n\u00A0\u2003\u3000        ', BLANK],
    ['null', null, BLANK],
    ['NUL', 'long enough\u0000', INVALID],
  ])('a password is refused: %s', async (_, password, message) => {
    await fields.refused('password', password, message);
  });

  it('the length of a password is measured in NFKC', async () => {
    // Four characters as typed, eight as compared.
    const ligatures = 'ﬁ\uFB02ﬀﬄ';
    const { body } = expectStatus(await app.signUp({ user: { password: ligatures } }), 201);
    expect(await signsIn(body.email, 'fiflffffl')).toBe(201);
    // 33 characters and 99 bytes in NFKC, three characters and nine bytes before.
    await fields.refused('password', '\uFDFA\uFDFA\uFDFA', TOO_MANY_BYTES);
    // Eight characters as typed, four as compared.
    await fields.refused('password', 'e\u0301o\u0302u\u0308a\u030A', TOO_SHORT);
  });

  it('a password is the same whether its accents are composed or not', async () => {
    const { body } = expectStatus(
      await app.signUp({ user: { password: 'cr\u00E8me br\u00FBl\u00E9e' } }),
      201,
    );
    expect(await signsIn(body.email, 'cre\u0300me bru\u0302le\u0301e')).toBe(201);
    expect(await signsIn(body.email, 'creme brulee')).toBe(401);
    const changed = await app.put(`/v1/users/${body.id}`, {
      body: { user: { password: 'cafe\u0301 au lait', current_password: 'cre\u0300me bru\u0302le\u0301e' } },
      token: await app.signIn({ email: body.email, password: 'cr\u00E8me br\u00FBl\u00E9e' }),
    });
    expect(changed.status).toBe(200);
    expect(await signsIn(body.email, 'caf\u00E9 au lait')).toBe(201);
  });

  it('a longer password that bcrypt would cut does not sign in', async () => {
    const password = LONGEST;
    const { body } = expectStatus(await app.signUp({ user: { password } }), 201);
    expect(await signsIn(body.email, `${password}c`)).toBe(401);
    expect(await signsIn(body.email, `${password}\u0000`)).toBe(401);
  });

  it('a password with a NUL does not sign in with what is before it', async () => {
    const { body } = expectStatus(await app.signUp({ user: { password: 'long enough' } }), 201);
    expect(await signsIn(body.email, 'long enough\u0000')).toBe(401);
    expect(await signsIn(body.email, 'long enough\u0000more')).toBe(401);
  });

  it.each(['password', 'PassWord', 'password1', 'iloveyou', '12345678', 'qwertyuiop', 'sunshine1'])(
    'the password %s is too common',
    async (password) => {
      await fields.refused('password', password, 'is too common');
    },
  );

  it('a common password in full-width letters is too common', async () => {
    await fields.refused('password', 'ｐａｓｓｗｏｒｄ', 'is too common');
  });

  it.each([
    ['e-mail address', 'WOLFHARD.K@EXAMPLE.com'],
    ['local part', 'Wolfhard.K'],
    ['first name', 'WOLFHARD'],
    ['last name', 'kühlschrank'],
    ['full name', 'Wolfhard KÜHLSCHRANK'],
    ['first name in full width', 'Ｗｏｌｆｈａｒｄ'],
    ['last name, decomposed', 'KU\u0308HLSCHRANK'],
  ])("a password may not be the owner's %s", async (_, password) => {
    const user = {
      email: 'wolfhard.k@example.com',
      first_name: 'Wolfhard',
      last_name: 'Kühlschrank',
      password,
    };
    expectErrors(await app.signUp({ user }), 422, { password: [OWN_NAME] });
    const names = { email: `wolfhard.k@${Math.random().toString(36).slice(2)}.example` };
    const owner = await app.parent({ user: { ...user, ...names, password: 'something else' } });
    const mine = password.includes('@') ? owner.email.toUpperCase() : password;
    const change = (changes: object) =>
      app.put(`/v1/users/${owner.id}`, { body: { user: changes }, token: owner.token });
    expectErrors(await change({ password: mine }), 422, { password: [OWN_NAME] });
    // What it is checked against is what will be stored with it.
    if (password !== 'WOLFHARD') return;
    expectErrors(await change({ first_name: 'Bartholomaeus', password: 'bartholomaeus' }), 422, {
      password: [OWN_NAME],
    });
    expect((await change({ first_name: 'Bartholomaeus', password: 'wolfhard.w' })).status).toBe(200);
  });

  it('a password may contain a name', async () => {
    const user = { first_name: 'Wolfhard', password: 'Wolfhard has a dog' };
    expect((await app.signUp({ user })).status).toBe(201);
  });

  it('a password is in no answer', async () => {
    const details = someone();
    const { text, headers } = await app.signUp({ user: details });
    expect(text).not.toMatch(/password|digest|\$2/);
    expect(text).not.toContain(details.password);
    expect(JSON.stringify([...headers])).not.toContain(details.password);
  });

  it('a password is stored as a bcrypt digest of its own', async () => {
    const password = 'shared by two people';
    const ids = [];
    for (const user of [{ password }, { password }]) {
      ids.push((expectStatus(await app.signUp({ user }), 201).body as Person).id);
    }
    const rows = await app.sql<{ password_digest: string }>(
      'SELECT password_digest FROM users WHERE id IN (?, ?)',
      ids,
    );
    const digests = rows.map((row) => row.password_digest);
    for (const digest of digests) expect(digest).toMatch(/^\$2b\$04\$[./A-Za-z0-9]{53}$/);
    expect(new Set(digests).size).toBe(2);
  });
});
