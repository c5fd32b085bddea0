import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app?.stop());

const whoAmI = (headers: Record<string, string | string[]>) => app.get('/v1/users/me', { headers });

describe('the token', () => {
  let person: Person;

  beforeAll(async () => {
    person = await app.parent();
  });

  it.each<[string, (token: string) => Record<string, string>]>([
    ['X-User-Token', (token) => ({ 'X-User-Token': token })],
    ['x-user-token', (token) => ({ 'x-user-token': token })],
    ['Bearer', (token) => ({ Authorization: `Bearer ${token}` })],
    ['bearer', (token) => ({ Authorization: `bearer ${token}` })],
    ['BEARER', (token) => ({ authorization: `BEARER ${token}` })],
    ['Bearer with more blanks', (token) => ({ Authorization: `Bearer   ${token}` })],
    [
      'an empty X-User-Token and Bearer',
      (token) => ({ 'X-User-Token': '', Authorization: `Bearer ${token}` }),
    ],
    ['both alike', (token) => ({ 'X-User-Token': token, Authorization: `Bearer ${token}` })],
  ])('a token in %s is accepted', async (_, headers) => {
    expectStatus(await whoAmI(headers(person.token)), 200);
  });

  it.each<[string, (token: string) => Record<string, string | string[]>]>([
    ['none', () => ({})],
    ['empty', () => ({ 'X-User-Token': '' })],
    ['blank', () => ({ 'X-User-Token': '   ' })],
    ['unknown', () => ({ 'X-User-Token': `gu_${'A'.repeat(43)}` })],
    ['cut', (token) => ({ 'X-User-Token': token.slice(0, -1) })],
    ['longer', (token) => ({ 'X-User-Token': `${token}A` })],
    ['without its prefix', (token) => ({ 'X-User-Token': token.slice(3) })],
    ['with another prefix', (token) => ({ 'X-User-Token': `xx_${token.slice(3)}` })],
    ['in upper case', (token) => ({ 'X-User-Token': token.toUpperCase() })],
    ['quoted', (token) => ({ 'X-User-Token': `"${token}"` })],
    ['its digest', (token) => ({ 'X-User-Token': createHash('sha256').update(token).digest('hex') })],
    ['with a scheme in X-User-Token', (token) => ({ 'X-User-Token': `Bearer ${token}` })],
    ['without a scheme in Authorization', (token) => ({ Authorization: token })],
    ['with another scheme', (token) => ({ Authorization: `Token ${token}` })],
    ['as Basic', (token) => ({ Authorization: `Basic ${Buffer.from(`x:${token}`).toString('base64')}` })],
    ['with something behind it', (token) => ({ Authorization: `Bearer ${token} x` })],
    ['twice in a header', (token) => ({ 'X-User-Token': `${token}, ${token}` })],
    ['in two headers of a name', (token) => ({ 'X-User-Token': [token, token] })],
    ['beside another one', (token) => ({ 'X-User-Token': ['x', token] })],
    ['in a cookie', (token) => ({ Cookie: `X-User-Token=${token}; token=${token}; session=${token}` })],
    ['in another header', (token) => ({ 'X-Auth-Token': token, 'X-Api-Key': token, Token: token })],
    ['very long', () => ({ 'X-User-Token': `gu_${'A'.repeat(8000)}` })],
    ['__proto__', () => ({ 'X-User-Token': '__proto__' })],
    ['SQL', () => ({ 'X-User-Token': "gu_' OR '1'='1" })],
    ['not ASCII', () => ({ 'X-User-Token': `gu_${'\u00e9'.repeat(43)}` })],
  ])('a request is answered 401 when its token is none: %s', async (_, headers) => {
    expectErrors(await whoAmI(headers(person.token)), 401, NOT_AUTHORIZED);
  });

  it('a token is never read from the query or the body', async () => {
    const { token } = person;
    const query = `token=${token}&access_token=${token}&X-User-Token=${token}&x_user_token=${token}`;
    expectErrors(await app.get(`/v1/users/me?${query}`), 401, NOT_AUTHORIZED);
    const body = { token, 'X-User-Token': token, user: { token } };
    expectErrors(await app.put(`/v1/users/${person.id}`, { body }), 401, NOT_AUTHORIZED);
  });

  it('a second Authorization header is not looked at', async () => {
    const { status } = await whoAmI({ Authorization: ['Bearer nonsense', `Bearer ${person.token}`] });
    expect(status).toBe(401);
  });

  it('a token is stored as a digest alone', async () => {
    const rows = await app.sql<{ token_digest: string | Buffer }>(
      'SELECT * FROM sessions WHERE user_id = ?',
      [person.id],
    );
    expect(rows).toHaveLength(1);
    expect(String(rows[0]!.token_digest)).toBe(createHash('sha256').update(person.token).digest('hex'));
    expect(JSON.stringify(rows)).not.toContain(person.token.slice(3));
    expect(JSON.stringify(rows)).not.toContain(person.token.slice(3, 20));
  });

  it('every sign-in has a token of its own', async () => {
    const tokens = new Set<string>();
    for (let i = 0; i < 10; i += 1) tokens.add(await app.signIn(person));
    expect(tokens.size).toBe(10);
  });
});
