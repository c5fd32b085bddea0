import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../../support/cli.js';
import { expectStatus } from '../../support/expectations.js';
import { TestApp } from '../../support/test-app.js';

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.spawn();
});
afterAll(() => app?.stop());

const purge = () => cli(app, ['users:purge-template']);

describe('npm run cli -- users:purge-template', () => {
  it('users:purge-template says so when there are no template users', async () => {
    expect(await purge()).toEqual({ code: 0, output: 'Deleted 0 template users\n' });
  });

  it('users:purge-template deletes every template user with all their rows, and no other user', async () => {
    const real = await app.parent();
    const first = await app.parent({ template: true });
    // More than go in one transaction.
    const [row] = await app.sql('SELECT * FROM users WHERE id = ?', [first.id]);
    const { id: _, ...columns } = row!;
    const names = Object.keys(columns);
    for (let copy = 0; copy < 230; copy += 1) {
      const values = Object.values({ ...columns, email: `template${copy}@example.com` });
      await app.sql(
        `INSERT INTO users (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        values,
      );
    }
    const cancelled = await app.parent({ template: true });
    await app.cancel(cancelled);

    expect(await purge()).toEqual({ code: 0, output: 'Deleted 232 template users\n' });

    expect(await app.sql('SELECT id FROM users WHERE template = 1')).toEqual([]);
    expectStatus(await app.get('/v1/users/me', { token: real.token }), 200);
    expectStatus(await app.get('/v1/users/me', { token: first.token }), 401);
    for (const table of ['sessions', 'messages', 'confirmation_codes']) {
      expect(await app.sql(`SELECT * FROM ${table} WHERE user_id = ?`, [first.id])).toEqual([]);
    }
    expect(await app.sql('SELECT id FROM users')).toHaveLength(2);
  });
});
