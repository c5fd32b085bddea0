import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { client } from '../../support/client.js';
import { sql } from '../../support/database.js';
import { FIRST_ADMIN, someone } from '../../support/people.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/processes.js';
import type { SpawnedServer } from '../../support/server.js';
import { during, refusal } from '../../support/settings.js';
import type { Environment } from '../../support/test-app.js';

// Each starts a process or a few.
vi.setConfig({ testTimeout: 120_000 });

describe('ADMIN_EMAIL', () => {
  let folder: TemporaryFolder;
  const ADMIN = { ADMIN_EMAIL: ` ${FIRST_ADMIN.email.toUpperCase()} `, ADMIN_PASSWORD: FIRST_ADMIN.password };

  beforeAll(() => {
    folder = temporaryFolder('admin');
    mkdirSync(join(folder.path, 'data'));
  });
  afterAll(() => folder?.remove());

  const signIn = ({ url }: SpawnedServer, email: string, password: string) =>
    client(url).post('/v1/sessions', { body: { email, password } });
  const run = <T>(env: Environment, ask: (server: SpawnedServer) => Promise<T>) =>
    during(env, ask, folder.path);
  const query = (text: string) => sql(`sqlite:${join(folder.path, 'data/users.db')}`, text);

  it('ADMIN_EMAIL creates an administrator who is active and confirmed', async () => {
    await run(ADMIN, async (server) => {
      const { status, body } = await signIn(server, FIRST_ADMIN.email, FIRST_ADMIN.password);
      expect(status).toBe(201);
      expect(body.user).toMatchObject({
        role: 'admin',
        active: true,
        confirmed: true,
        email: FIRST_ADMIN.email,
      });
      expect(server.logs()).not.toContain(FIRST_ADMIN.password);
    });
  });

  it('ADMIN_EMAIL leaves the password of an existing administrator alone, even where the new one breaks the rules', async () => {
    const before = await query('SELECT * FROM users');
    for (const password of ['another good secret', 'short']) {
      await run({ ...ADMIN, ADMIN_PASSWORD: password }, async (server) => {
        expect((await signIn(server, FIRST_ADMIN.email, password)).status).toBe(401);
        expect((await signIn(server, FIRST_ADMIN.email, FIRST_ADMIN.password)).status).toBe(201);
      });
    }
    const after = await query('SELECT * FROM users');
    const unchanging = (rows: Record<string, unknown>[]) =>
      rows.map((row) =>
        Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'last_sign_in_at')),
      );
    expect(unchanging(after)).toEqual(unchanging(before));
  });

  it('ADMIN_EMAIL restores an administrator who was cancelled, demoted or is not confirmed', async () => {
    await query("UPDATE users SET role = 'parent', active = 0, confirmed = 0, cancelled_at = created_at");
    await run(ADMIN, async (server) => {
      const { status, body } = await signIn(server, FIRST_ADMIN.email, FIRST_ADMIN.password);
      expect(status).toBe(201);
      expect(body.user).toMatchObject({ role: 'admin', active: true, confirmed: true, cancelled_at: null });
    });
  });

  it('ADMIN_EMAIL promotes the user who has the address, with the password that they have', async () => {
    const person = someone();
    await run({}, async ({ url }) => {
      expect((await client(url).post('/v1/users', { body: { user: person } })).status).toBe(201);
    });
    await run({ ADMIN_EMAIL: person.email, ADMIN_PASSWORD: 'another good secret' }, async (server) => {
      const { body } = await signIn(server, person.email, person.password);
      expect(body.user).toMatchObject({ role: 'admin', active: true, confirmed: true });
      expect((await signIn(server, person.email, 'another good secret')).status).toBe(401);
    });
  });

  it('ADMIN_EMAIL does not make a template user an administrator', async () => {
    const person = someone();
    await run({}, async ({ url }) => {
      const answer = await client(url).post('/v1/users', { body: { user: person, template: true } });
      expect(answer.status).toBe(201);
    });
    const env = { ADMIN_EMAIL: person.email, ADMIN_PASSWORD: 'another good secret' };
    const said = await refusal(env, folder.path);
    expect(said).toMatch(/\bADMIN_EMAIL\b/);
    expect(await query(`SELECT role FROM users WHERE email = '${person.email}'`)).toEqual([
      { role: 'parent' },
    ]);
  });
});
