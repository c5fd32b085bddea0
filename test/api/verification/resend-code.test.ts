import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MINUTE } from '../../support/durations.js';
import { expectErrors, expectStatus } from '../../support/expectations.js';
import { otherThan, type RecordedOutbox, recordOutbox } from '../../support/outbox.js';
import type { Person, SignUp } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const PHONE = '+1-555-123-4567';

let app: InProcessApp;
let outbox: RecordedOutbox;

beforeAll(async () => {
  app = await TestApp.start();
  outbox = recordOutbox(app);
});
afterAll(() => app?.stop());

async function isConfirmed({ id, token }: Person): Promise<boolean> {
  const { confirmed } = expectStatus(await app.get(`/v1/users/${id}`, { token }), 200).body as {
    confirmed: boolean;
  };
  return confirmed;
}

describe('asking for another code', () => {
  it('asking for another code sends one and says where to, masked', async () => {
    const person = await app.parent({ user: { phone: PHONE } });
    const answer = expectStatus(await app.resendCode(person.token), 200);
    expect(answer.body).toEqual({
      sent: true,
      channel: 'sms',
      destination: '+*********67',
      expires_at: app.clock.later(10 * MINUTE),
      retry_after: 60,
    });
    expect(outbox.to(person.id)).toHaveLength(2);
    expectStatus(await app.enterCode(person.id, outbox.code(person.id)), 200);
  });

  it('asking for another code masks the e-mail address', async () => {
    const person = await app.parent({ user: { email: 'justine@example.com' } });
    expect((await app.resendCode(person.token)).body).toMatchObject({
      channel: 'email',
      destination: 'j***@example.com',
    });
  });

  it('asking for another code needs a token', async () => {
    expectErrors(
      await app.post('/v1/users/resend_confirmation'),
      401,
      'You are not authorized to perform this action.',
    );
  });

  it('asking for another code is refused to a confirmed user', async () => {
    const person = await app.parent();
    expectStatus(await app.enterCode(person.id, outbox.code(person.id)), 200);
    expectErrors(await app.resendCode(person.token), 422, { base: ['is already confirmed'] });
  });

  it('an administrator asks for another code on behalf of a user', async () => {
    const person = await app.parent();
    const { token } = await app.firstAdmin();
    const path = `/v1/users/${person.id}/resend_confirmation`;
    expect(expectStatus(await app.post(path, { token }), 200).body).toMatchObject({ sent: true });
    const log = await app.get(`/v1/audit_events?user_id=${person.id}`, { token });
    expect(log.body.audit_events[0]).toMatchObject({ action: 'user.confirmation_resent' });
    expectStatus(await app.post(path, { token: person.token }), 403);
    expectErrors(await app.post('/v1/users/999999/resend_confirmation', { token }), 404, 'User not found');
    expectStatus(await app.post(`/v1/users/${person.id}/cancel`, { token }), 200);
    expectErrors(await app.post(path, { token }), 422, { base: ['is not allowed'] });
  });

  it('asking for another code leaves one valid code, however many ask at once', async () => {
    const person = await app.parent();
    const before = outbox.to(person.id).length;
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.resendCode(person.token)));
    for (const answer of answers) expectStatus(answer, 200);
    expect(outbox.to(person.id).length - before).toBe(10);
    expect(
      await app.sql('SELECT user_id FROM confirmation_codes WHERE user_id = ?', [person.id]),
    ).toHaveLength(1);
  });
});

describe('a new value of the channel', () => {
  const CHANGES: Record<string, { signUp: SignUp; change: object; destination: (p: Person) => string }> = {
    'a phone': {
      signUp: { user: { phone: PHONE } },
      change: { phone: '+1 555 123 4599' },
      destination: () => '+15551234599',
    },
    'a first phone': {
      signUp: {},
      change: { phone: PHONE },
      destination: () => '+15551234567',
    },
    'no phone any more': {
      signUp: { user: { phone: PHONE } },
      change: { phone: null },
      destination: ({ email }) => email,
    },
    'an address without a phone': {
      signUp: {},
      change: { email: 'new.channel@example.com' },
      destination: () => 'new.channel@example.com',
    },
  };

  it.each(Object.entries(CHANGES))(
    'a new destination has to be confirmed, and the old code is invalid: %s',
    async (_, { signUp, change, destination }) => {
      const person = await app.parent(signUp);
      const old = outbox.code(person.id);
      expectStatus(await app.enterCode(person.id, old), 200);
      expect(expectStatus(await app.change(person, change), 200).body).toMatchObject({ confirmed: false });
      expect(outbox.to(person.id).filter(({ kind }) => kind === 'confirmation')).toHaveLength(2);
      expect(outbox.to(person.id).findLast(({ kind }) => kind === 'confirmation')).toMatchObject({
        destination: destination(person),
      });
      const code = outbox.code(person.id);
      if (old !== code) expectErrors(await app.enterCode(person.id, old), 401, 'Invalid Code');
      expectStatus(await app.enterCode(person.id, code), 200);
      expect(await isConfirmed(person)).toBe(true);
    },
  );

  it('the same number written otherwise, or a new address beside a phone, keeps the code', async () => {
    const person = await app.parent({ user: { phone: PHONE } });
    const code = outbox.code(person.id);
    expectStatus(await app.change(person, { phone: '+1 (555) 123-4567' }), 200);
    expectStatus(await app.change(person, { email: 'beside.a.phone@example.com' }), 200);
    expect(outbox.to(person.id).filter(({ kind }) => kind === 'confirmation')).toHaveLength(1);
    expectStatus(await app.enterCode(person.id, code), 200);
  });

  it('a new destination makes the old code invalid even before it is confirmed', async () => {
    const person = await app.parent({ user: { phone: PHONE } });
    const old = outbox.code(person.id);
    expectStatus(await app.change(person, { phone: '+15551234500' }), 200);
    if (outbox.code(person.id) !== old)
      expectErrors(await app.enterCode(person.id, old), 401, 'Invalid Code');
    expectStatus(await app.enterCode(person.id, outbox.code(person.id)), 200);
  });

  it('a new phone of a cancelled account is sent no code', async () => {
    const person = await app.parent();
    const { token } = await app.firstAdmin();
    expectStatus(await app.post(`/v1/users/${person.id}/cancel`, { token }), 200);
    const user = { phone: PHONE };
    expectStatus(await app.put(`/v1/users/${person.id}`, { token, body: { user } }), 200);
    expect(outbox.to(person.id).filter(({ kind }) => kind === 'confirmation')).toHaveLength(1);
    expect(await app.sql('SELECT * FROM confirmation_codes WHERE user_id = ?', [person.id])).toEqual([]);
  });

  it('two overlapping changes of the phone never leave a valid code of the former one', async () => {
    const person = await app.parent({ user: { phone: '+15550000000' } });
    await Promise.all(
      Array.from({ length: 9 }, (_, index) => app.change(person, { phone: `+1555000000${index % 2}` })),
    );
    const [row] = await app.sql<{ phone_e164: string }>('SELECT phone_e164 FROM users WHERE id = ?', [
      person.id,
    ]);
    const last = outbox.to(person.id).at(-1)!;
    expect(last.destination).toBe(row!.phone_e164);
    expectStatus(await app.enterCode(person.id, last.values['code']), 200);
  });
});

describe('the end of an account', () => {
  it('the codes of an account end with the account', async () => {
    const person = await app.parent();
    const { token } = await app.firstAdmin();
    const code = outbox.code(person.id);
    expectStatus(await app.post(`/v1/users/${person.id}/cancel`, { token }), 200);
    expectStatus(await app.post(`/v1/users/${person.id}/reactivate`, { token }), 200);
    expectErrors(await app.enterCode(person.id, code), 401, 'Invalid Code');
    expectStatus(await app.delete(`/v1/users/${person.id}`, { token }), 204);
    expectErrors(await app.enterCode(person.id, code), 404, 'User not found');
    expect(await app.sql('SELECT * FROM confirmation_codes WHERE user_id = ?', [person.id])).toEqual([]);
  });
});

describe('template users', () => {
  it('template users have the code of the settings, and are sent nothing', async () => {
    const person = await app.parent({ template: true, user: { phone: PHONE } });
    expect(outbox.to(person.id)).toMatchObject([{ suppressed: true, values: { code: '000000' } }]);
    expect(await app.sql('SELECT status, content FROM messages WHERE user_id = ?', [person.id])).toEqual([
      { status: 'suppressed', content: null },
    ]);
    expectErrors(await app.enterCode(person.id, '111111'), 401, 'Invalid Code');
    expectStatus(await app.enterCode(person.id, '000000'), 200);
  });

  it('a user who becomes a template user before the confirmation has the code of the settings', async () => {
    const person = await app.parent();
    const { token } = await app.firstAdmin();
    expectErrors(await app.enterCode(person.id, otherThan(outbox.code(person.id))), 401, 'Invalid Code');
    expectStatus(await app.put(`/v1/users/${person.id}`, { token, body: { template: true } }), 200);
    expectStatus(await app.enterCode(person.id, '000000'), 200);
  });

  it('a user who is a template user no more is sent a code of their own', async () => {
    const person = await app.parent({ template: true });
    const { token } = await app.firstAdmin();
    expectStatus(await app.put(`/v1/users/${person.id}`, { token, body: { template: false } }), 200);
    const code = outbox.code(person.id);
    if (code !== '000000') expectErrors(await app.enterCode(person.id, '000000'), 401, 'Invalid Code');
    expect(outbox.to(person.id).at(-1)).toMatchObject({ suppressed: false });
    expectStatus(await app.enterCode(person.id, code), 200);
  });
});
