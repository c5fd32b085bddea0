import { schemaWith } from '#app/schema.js';
import { dataSourceOptions } from '#app/shared/database/data-source-options.js';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus } from '../../support/expectations.js';
import { freshDatabase, sql, type TestDatabase } from '../../support/database.js';
import { TestApp } from '../../support/test-app.js';

const COUNT = 1203;
const MOMENT = '2026-01-01 00:00:00.000';

let database: TestDatabase;
let app: TestApp;

/** As the version before left it: its migrations, and its folding of names. */
async function migrateTo(lastMigration: string): Promise<void> {
  const { entities, migrations } = schemaWith([]);
  const last = migrations.findIndex(({ name }) => name === lastMigration);
  const schema = { entities, migrations: migrations.slice(0, last + 1) };
  const dataSource = await new DataSource(
    await dataSourceOptions(database.url, schema, { poolSize: 2 }),
  ).initialize();
  await dataSource.runMigrations({ transaction: 'each' });
  await dataSource.destroy();
}

async function insertUsers(): Promise<void> {
  const columns = [
    'email, password_digest, first_name, last_name, first_name_key, last_name_key, phone, phone_e164, language',
    'role, active, confirmed, clinical, clinical_approved, template, native_signup, created_at, updated_at',
  ].join(', ');
  const rows = Array.from({ length: COUNT }, (_, index) => {
    const phone = `+4930${100_000 + index}`;
    const names = [`Łu–${index}`, 'Groß', `łu–${index}`, 'groß'];
    return [
      `u${index}@example.com`,
      'x',
      ...names,
      phone,
      phone,
      'en',
      'parent',
      1,
      1,
      0,
      0,
      0,
      0,
      MOMENT,
      MOMENT,
    ];
  });
  for (let start = 0; start < rows.length; start += 300) {
    const part = rows.slice(start, start + 300);
    const places = part.map((row) => `(${row.map(() => '?').join(', ')})`).join(', ');
    await sql(database.url, `INSERT INTO users (${columns}) VALUES ${places}`, part.flat());
  }
}

beforeAll(async () => {
  database = await freshDatabase();
  await migrateTo('CreateAuditLog1764000400000');
  await insertUsers();
  app = await TestApp.start({}, { database });
});
afterAll(async () => {
  await app?.stop();
  await database?.drop();
});

describe('accounts of the version before', () => {
  it('are found by what they are found by today', async () => {
    const { token } = await app.firstAdmin();
    const found = async (search: string): Promise<string[]> => {
      const path = `/v1/users?search=${encodeURIComponent(search)}`;
      const { body } = expectStatus(await app.get(path, { token }), 200);
      return body.users.map(({ email }: { email: string }) => email);
    };
    for (const index of [0, 499, 500, 1000, COUNT - 1]) {
      const [email, digits] = [`u${index}@example.com`, 100_000 + index];
      for (const search of [email, `030 ${digits}`, `${digits}`, `gross +4930${digits}`])
        expect(await found(search)).toEqual([email]);
    }
    expect(await found('1202 lu')).toEqual(['u1202@example.com']);
    const { body } = await app.get('/v1/users?search=gross', { token });
    expect(body.meta.total_count).toBe(COUNT);
  });

  it('are sorted by names as they are folded today', async () => {
    const rows = await sql(database.url, 'SELECT DISTINCT last_name_key FROM users WHERE last_name = ?', [
      'Groß',
    ]);
    expect(rows).toEqual([{ last_name_key: 'gross' }]);
    const [first] = await sql(database.url, 'SELECT first_name_key FROM users WHERE email = ?', [
      'u7@example.com',
    ]);
    expect(first).toEqual({ first_name_key: 'lu 7' });
  });
});
