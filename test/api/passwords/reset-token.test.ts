import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/client.js';
import { MINUTE } from '../../support/durations.js';
import { expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import { type RecordedOutbox, recordOutbox } from '../../support/outbox.js';
import { type Person, someone } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const NEW = 'quite another passphrase';

let app: InProcessApp;
let outbox: RecordedOutbox;

beforeAll(async () => {
  app = await TestApp.start();
  outbox = recordOutbox(app);
});
afterAll(() => app?.stop());

const reset = (token: unknown, password: unknown = NEW, more: object = {}): Promise<Answer> =>
  app.resetPassword(token, password, more);

async function signsIn({ email }: Person, password: string): Promise<boolean> {
  return (await app.trySignIn(email, password)).status === 201;
}

describe('a token', () => {
  it('a reset token is 256 random bits, of which only the hash is stored', async () => {
    const person = await app.parent();
    const token = await outbox.resetToken(person);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(await app.sql('SELECT token_digest FROM password_resets WHERE user_id = ?', [person.id])).toEqual([
      { token_digest: createHash('sha256').update(token).digest('hex') },
    ]);
  });

  it('a reset token can be validated, in the query and in the body, without being used up', async () => {
    const person = await app.parent();
    const token = await outbox.resetToken(person);
    const expiresAt = app.clock.later(60 * MINUTE);
    for (let time = 0; time < 2; time += 1) {
      for (const answer of [
        await app.get(`/v1/users/passwords/validate?token=${token}`),
        await app.validateReset(token),
      ]) {
        expect({ status: answer.status, body: answer.body }).toEqual({
          status: 200,
          body: { valid: true, expires_at: expiresAt },
        });
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
    }
    expectStatus(await reset(token), 200);
  });

  const DEAD: Record<string, (person: Person, token: string) => Promise<string | void>> = {
    wrong: async (_, token) => `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`,
    'cut short': async (_, token) => token.slice(0, -1),
    'in another case': async (_, token) => token.toLowerCase(),
    'with a blank': async (_, token) => `${token} `,
    'its own hash': async (_, token) => createHash('sha256').update(token).digest('hex'),
    'a pattern': async () => '%',
    'the token of a session': async (person) => person.token,
    'a confirmation code': async (person) => outbox.code(person.id),
    used: async (_, token) => {
      expectStatus(await reset(token), 200);
    },
    replaced: async (person) => {
      await outbox.resetToken(person);
    },
    expired: async () => app.clock.forward(60 * MINUTE),
    'of a cancelled account': async (person) => {
      await app.cancel(person);
    },
    'of an account that was cancelled in between': async (person) => {
      const { token } = await app.firstAdmin();
      expectStatus(await app.post(`/v1/users/${person.id}/cancel`, { token }), 200);
      expectStatus(await app.post(`/v1/users/${person.id}/reactivate`, { token }), 200);
    },
    'older than a new password': async (person) => {
      expectStatus(await app.change(person, { password: 'in the meantime another' }), 200);
    },
    'older than a new address': async (person) => {
      expectStatus(await app.change(person, { email: someone().email }), 200);
    },
    'of a deleted account': async (person) => {
      expectStatus(await app.asAdmin('DELETE', `/v1/users/${person.id}`), 204);
    },
  };

  it.each(Object.entries(DEAD))('a reset token is invalid when it is %s', async (_, kill) => {
    const person = await app.parent();
    const token = await outbox.resetToken(person);
    const dead = (await kill(person, token)) ?? token;
    const query = new URLSearchParams({ token: dead }).toString();
    expect((await app.get(`/v1/users/passwords/validate?${query}`)).body).toEqual({ valid: false });
    expect((await app.validateReset(dead)).body).toEqual({ valid: false });
    expectErrors(await reset(dead, 'some new passphrase'), 401, 'Invalid Token');
    expectErrors(await reset(dead, 'short'), 401, 'Invalid Token');
    expect(await signsIn(person, 'some new passphrase')).toBe(false);
  });

  it('a reset token outlives changes that have nothing to do with it', async () => {
    const person = await app.parent();
    const token = await outbox.resetToken(person);
    expectStatus(await app.change(person, { first_name: 'Other', phone: '+15551234567' }), 200);
    app.clock.forward(60 * MINUTE - 1);
    expectStatus(await reset(token), 200);
  });

  it('a reset token opens nothing else', async () => {
    const person = await app.parent();
    const token = await outbox.resetToken(person);
    expectErrors(await app.get('/v1/users/me', { token }), 401, NOT_AUTHORIZED);
    expectErrors(await app.get(`/v1/users/me?token=${token}`), 401, NOT_AUTHORIZED);
    expectErrors(await app.enterCode(person.id, token), 401, 'Invalid Code');
  });

  it.each([
    [['a'], 'is invalid'],
    [{ $ne: '' }, 'is invalid'],
    [123456, 'is invalid'],
    [true, 'is invalid'],
    [false, 'is invalid'],
    [null, "can't be blank"],
    ['', "can't be blank"],
    [undefined, "can't be blank"],
  ])('the value %j is no reset token and is answered 422', async (token, message) => {
    expectErrors(await app.validateReset(token), 422, { token: [message] });
    expectErrors(await reset(token), 422, { token: [message] });
  });

  it('a reset token has to be in the query exactly once', async () => {
    expectErrors(await app.get('/v1/users/passwords/validate'), 422, { token: ["can't be blank"] });
    expectErrors(await app.get('/v1/users/passwords/validate?token='), 422, { token: ["can't be blank"] });
    expectErrors(await app.get('/v1/users/passwords/validate?token=a&token=b'), 422, {
      token: ['is invalid'],
    });
    expectErrors(await app.get('/v1/users/passwords/validate?token[]=a'), 422, {
      token: ["can't be blank"],
    });
  });

  it('an account has one valid reset token, however many are asked for at once', async () => {
    const person = await app.parent();
    const answers = await Promise.all(Array.from({ length: 8 }, () => app.requestReset(person.email)));
    for (const answer of answers) expectStatus(answer, 202);
    const tokens = outbox
      .to(person.id)
      .flatMap(({ values }) => (values['link'] ? [new URL(values['link']).searchParams.get('token')!] : []));
    expect(new Set(tokens).size).toBe(8);
    const valid = await Promise.all(
      tokens.map(async (token) => (await app.validateReset(token)).body.valid as boolean),
    );
    expect(valid.filter(Boolean)).toHaveLength(1);
  });
});
