import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MINUTE } from '../../support/durations.js';
import { comparableHeaders, expectErrors, expectStatus } from '../../support/expectations.js';
import { otherThan, type RecordedOutbox, recordOutbox } from '../../support/outbox.js';
import type { Person } from '../../support/people.js';
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

describe('a code', () => {
  it('the code goes to the phone with the sign-up and confirms the account', async () => {
    const person = await app.parent({ user: { phone: PHONE, language: 'de' }, native_signup: true });
    expect(outbox.to(person.id)).toEqual([
      {
        userId: person.id,
        kind: 'confirmation',
        channel: 'sms',
        destination: '+15551234567',
        language: 'de',
        values: { firstName: expect.any(String), code: expect.stringMatching(/^\d{6}$/) },
        expiresAt: new Date(app.clock.now().getTime() + 10 * MINUTE),
        suppressed: false,
        nativeSignup: true,
      },
    ]);
    const answer = await app.enterCode(person.id, outbox.code(person.id));
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 200,
      text: JSON.stringify({
        verified: true,
        user: { id: person.id, email: person.email, confirmed: true },
      }),
    });
    expect(await isConfirmed(person)).toBe(true);
  });

  it('the code goes to the e-mail address where there is no phone', async () => {
    const person = await app.parent();
    expect(outbox.to(person.id)).toMatchObject([{ channel: 'email', destination: person.email }]);
    expectStatus(await app.enterCode(person.id, outbox.code(person.id)), 200);
  });

  it('a confirmation takes the user_id as a string of digits, too', async () => {
    const person = await app.parent();
    expectStatus(await app.enterCode(String(person.id), outbox.code(person.id)), 200);
  });

  it('the code goes out for an account that an administrator creates', async () => {
    const { token } = await app.firstAdmin();
    const email = 'made.by.admin@example.com';
    const user = { email, password: 'made by somebody else', first_name: 'A', last_name: 'B' };
    const { body } = expectStatus(await app.post('/v1/users', { token, body: { user } }), 201);
    expectStatus(await app.enterCode((body as Person).id, outbox.code((body as Person).id)), 200);
  });

  it('no code goes out for the administrator of the settings', async () => {
    const { id } = await app.firstAdmin();
    expect(outbox.to(id)).toEqual([]);
    expect(await app.sql('SELECT * FROM messages WHERE user_id = ?', [id])).toEqual([]);
  });

  it('no code is stored with a sign-up that fails', async () => {
    const before = await app.sql('SELECT user_id FROM confirmation_codes');
    const { email } = await app.parent();
    expectStatus(await app.signUp({ user: { email } }), 422);
    expect(await app.sql('SELECT user_id FROM confirmation_codes')).toHaveLength(before.length + 1);
  });
});

describe('every code that can not be right', () => {
  const CASES: Record<string, (person: Person, code: string) => Promise<string>> = {
    wrong: async (_, code) => otherThan(code),
    'too short': async (_, code) => code.slice(1),
    'too long': async (_, code) => `${code}0`,
    'of too few digits of another script': async () => '１２３４５',
    'of letters': async () => 'abcdef',
    'a pattern': async () => '%',
    expired: async (_, code) => {
      app.clock.forward(10 * MINUTE);
      return code;
    },
    used: async (person, code) => {
      expectStatus(await app.enterCode(person.id, code), 200);
      return code;
    },
    'for an account that is confirmed already': async (person, code) => {
      expectStatus(await app.enterCode(person.id, code), 200);
      return otherThan(code);
    },
    replaced: async (person, code) => {
      do expectStatus(await app.resendCode(person.token), 200);
      while (outbox.code(person.id) === code);
      return code;
    },
    'of a cancelled account': async (person, code) => {
      await app.cancel(person);
      return code;
    },
    "somebody else's": async (_, code) => {
      for (;;) {
        const other = await app.parent();
        if (outbox.code(other.id) !== code) return outbox.code(other.id);
      }
    },
    'the token of a session': async ({ token }) => token,
  };

  it.each(Object.entries(CASES))(
    'a code that cannot be right is answered 401 like every other: %s',
    async (_, prepare) => {
      const person = await app.parent({ user: { phone: PHONE } });
      const code = await prepare(person, outbox.code(person.id));
      const answer = await app.enterCode(person.id, code);
      expectErrors(answer, 401, 'Invalid Code');
      expect(comparableHeaders(answer)).toEqual(
        comparableHeaders(await app.enterCode(person.id, 'nonsense')),
      );
    },
  );

  it('a wrong code leaves the right one valid', async () => {
    const person = await app.parent();
    const code = outbox.code(person.id);
    for (const wrong of [otherThan(code), '12345', 'abcdef', `${code}0`]) {
      expectErrors(await app.enterCode(person.id, wrong), 401, 'Invalid Code');
    }
    expectStatus(await app.enterCode(person.id, code), 200);
  });

  it('a code still works a moment before it expires', async () => {
    const person = await app.parent();
    app.clock.forward(10 * MINUTE - 1);
    expectStatus(await app.enterCode(person.id, outbox.code(person.id)), 200);
  });
});

describe('what is no code at all', () => {
  it.each([
    [123456, 'is invalid'],
    [['123456'], 'is invalid'],
    [{ $ne: '' }, 'is invalid'],
    [true, 'is invalid'],
    [false, 'is invalid'],
    [0, 'is invalid'],
    [null, "can't be blank"],
    ['', "can't be blank"],
    [undefined, "can't be blank"],
  ])('the value %j is no code and is answered 422', async (code, message) => {
    const person = await app.parent();
    expectErrors(await app.enterCode(person.id, code), 422, { confirmation_code: [message] });
  });

  it.each([
    ['abc', 'must be an integer'],
    [1.5, 'must be an integer'],
    ['1.0', 'must be an integer'],
    [true, 'must be an integer'],
    [[1], 'must be an integer'],
    [{ id: 1 }, 'must be an integer'],
    [null, "can't be blank"],
    ['', "can't be blank"],
    [undefined, "can't be blank"],
  ])('the value %j is no user_id and is answered 422', async (id, message) => {
    expectErrors(await app.enterCode(id, '123456'), 422, { user_id: [message] });
  });

  it('a confirmation names everything that is wrong in one answer', async () => {
    expectErrors(await app.post('/v1/users/confirmation', { body: {} }), 422, {
      user_id: ["can't be blank"],
      confirmation_code: ["can't be blank"],
    });
    expectErrors(await app.post('/v1/users/confirmation'), 422, {
      user_id: ["can't be blank"],
      confirmation_code: ["can't be blank"],
    });
  });

  it.each([999_999, 0, -1, 4_294_967_296, '99999999999999999999', 1e300])(
    'the unknown user_id %j is answered 404',
    async (id) => {
      expectErrors(await app.enterCode(id, '123456'), 404, 'User not found');
    },
  );
});

describe('however many codes arrive at once', () => {
  it('of 50 wrong codes at once five are compared, and then even the right one is refused', async () => {
    const person = await app.parent();
    const code = outbox.code(person.id);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => app.enterCode(person.id, otherThan(code))),
    );
    for (const answer of answers) expectErrors(answer, 401, 'Invalid Code');
    expect(await app.sql('SELECT attempts FROM confirmation_codes WHERE user_id = ?', [person.id])).toEqual([
      { attempts: 5 },
    ]);
    expectErrors(await app.enterCode(person.id, code), 401, 'Invalid Code');
    expect(await isConfirmed(person)).toBe(false);
  });

  it('the right code is refused after five wrong ones, and a new code works', async () => {
    const person = await app.parent();
    const code = outbox.code(person.id);
    for (let attempt = 0; attempt < 5; attempt += 1) await app.enterCode(person.id, otherThan(code));
    expectErrors(await app.enterCode(person.id, code), 401, 'Invalid Code');
    expectStatus(await app.resendCode(person.token), 200);
    expectStatus(await app.enterCode(person.id, outbox.code(person.id)), 200);
  });

  it('the right code works after four wrong ones', async () => {
    const person = await app.parent();
    const code = outbox.code(person.id);
    for (let attempt = 0; attempt < 4; attempt += 1) await app.enterCode(person.id, otherThan(code));
    expectStatus(await app.enterCode(person.id, code), 200);
  });

  it('the right code works once, however many bring it at once', async () => {
    const person = await app.parent();
    const code = outbox.code(person.id);
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.enterCode(person.id, code)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(19);
  });
});

describe('the 25 wrong codes a day', () => {
  it('25 wrong codes a day are counted for the account, across new codes', async () => {
    const person = await app.parent();
    for (let round = 0; round < 5; round += 1) {
      for (let attempt = 0; attempt < 5; attempt += 1) {
        await app.enterCode(person.id, otherThan(outbox.code(person.id)));
      }
      expectStatus(await app.resendCode(person.token), 200);
    }
    expectErrors(await app.enterCode(person.id, outbox.code(person.id)), 401, 'Invalid Code');
    app.clock.forward(24 * 60 * MINUTE - 1);
    const token = await app.signIn(person);
    expectStatus(await app.resendCode(token), 200);
    expectErrors(await app.enterCode(person.id, outbox.code(person.id)), 401, 'Invalid Code');
    app.clock.forward(1);
    expectStatus(await app.enterCode(person.id, outbox.code(person.id)), 200);
  });

  it('25 wrong codes a day are the limit however many come at once, and for this account alone', async () => {
    const [person, other] = [await app.parent(), await app.parent()];
    await Promise.all(
      Array.from({ length: 30 }, () => app.enterCode(person.id, otherThan(outbox.code(person.id)))),
    );
    expectStatus(await app.resendCode(person.token), 200);
    expectErrors(await app.enterCode(person.id, outbox.code(person.id)), 401, 'Invalid Code');
    expectStatus(await app.enterCode(other.id, outbox.code(other.id)), 200);
  });
});
