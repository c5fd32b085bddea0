import { readFileSync } from 'node:fs';
import { nativeBcrypt, portableBcrypt, type Bcrypt } from '#app/users/password/bcrypt.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectStatus } from '../support/expectations.js';
import { TestApp, untilTestEnds } from '../support/test-app.js';

// Two replicas of one installation may have one each: what one has written, the other must read.

const COST = 4;
const DIGEST = /^\$2b\$04\$[./A-Za-z0-9]{53}$/;

const PASSWORDS = [
  'securepassword123',
  ' spaces  around ',
  'zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich',
  'ab'.repeat(36),
  '🦜🦔'.repeat(9),
  '\u0080\u00ff\uffff tricky',
  'x',
];

let native: Bcrypt;

beforeAll(async () => {
  const found = await nativeBcrypt();
  if (!found) throw new Error('The native bcrypt is not installed on this platform');
  native = found;
});

describe('native and portable bcrypt', () => {
  it.each(PASSWORDS)('native and portable bcrypt verify what the other has hashed: %s', (password) => {
    const digests = [native.hashSync(password, COST), portableBcrypt.hashSync(password, COST)];
    for (const digest of digests) {
      expect(digest).toMatch(DIGEST);
      for (const bcrypt of [native, portableBcrypt]) {
        expect(bcrypt.compareSync(password, digest)).toBe(true);
        expect(bcrypt.compareSync(`${password.slice(1)}?`, digest)).toBe(false);
        expect(bcrypt.compareSync('', digest)).toBe(false);
      }
    }
    expect(digests[0]).not.toBe(digests[1]);
  });

  it('native and portable bcrypt read all of 72 bytes', () => {
    const password = 'ab'.repeat(36);
    for (const [hashing, comparing] of [
      [native, portableBcrypt],
      [portableBcrypt, native],
    ] as const) {
      const digest = hashing.hashSync(password, COST);
      expect(comparing.compareSync(`${password.slice(0, 71)}x`, digest)).toBe(false);
      expect(comparing.compareSync(password.slice(0, 71), digest)).toBe(false);
    }
  });

  it('native and portable bcrypt use the cost that they are told', () => {
    for (const bcrypt of [native, portableBcrypt]) {
      expect(bcrypt.hashSync('securepassword123', 5)).toMatch(/^\$2b\$05\$/);
    }
  });

  it('native and portable bcrypt know the digests of other programs', () => {
    // The test vector of OpenBSD's bcrypt, in the prefix that is written today.
    const digest = '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
    for (const bcrypt of [native, portableBcrypt]) {
      expect(bcrypt.compareSync('U*U', digest)).toBe(true);
      expect(bcrypt.compareSync('U*V', digest)).toBe(false);
    }
  });
});

describe('the application', () => {
  it('a sign-in verifies the digest that the other bcrypt has written', async () => {
    const app = await untilTestEnds(TestApp.spawn());
    const person = await app.parent();
    for (const bcrypt of [native, portableBcrypt]) {
      const digest = bcrypt.hashSync(person.password, COST);
      await app.sql('UPDATE users SET password_digest = ? WHERE id = ?', [digest, person.id]);
      expect(await app.signIn(person)).toMatch(/^gu_/);
      const wrong = await app.trySignIn(person.email, 'wrong');
      expectStatus(wrong, 401);
    }
  });

  it('the native bcrypt is an optional dependency', () => {
    const { dependencies, optionalDependencies } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as Record<string, Record<string, string>>;
    expect(optionalDependencies).toHaveProperty('@node-rs/bcrypt');
    expect(dependencies).toHaveProperty('bcryptjs');
  });
});
