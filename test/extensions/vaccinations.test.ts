import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Vaccinations, vaccinations } from './vaccinations.js';
import { expectErrors, NOT_AUTHORIZED } from '../support/expectations.js';
import { someone } from '../support/people.js';
import { type InProcessApp, TestApp } from '../support/test-app.js';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start({}, { extensions: [vaccinations] });
});
afterAll(() => app?.stop());

describe('the routes of a team', () => {
  it('the routes of a team are closed unless they say otherwise', async () => {
    expectErrors(await app.get('/v1/vaccinations'), 401, NOT_AUTHORIZED);
    expect((await app.get('/v1/vaccinations/open_hours')).body).toEqual({ opens_at: 8, is_known: false });
    const { token } = await app.parent();
    expect((await app.get('/v1/vaccinations/open_hours', { token })).body).toMatchObject({ is_known: true });
  });

  it('the routes of a team may ask for clinical users or administrators', async () => {
    const [parent, clinician, admin] = [await app.parent(), await app.clinician(), await app.admin()];
    const body = { user_id: parent.id, vaccine_name: 'MMR' };
    const create = async (token: string): Promise<number> =>
      (await app.post('/v1/vaccinations', { token, body })).status;
    expect([await create(parent.token), await create(clinician.token), await create(admin.token)]).toEqual([
      403, 201, 201,
    ]);
    const remove = async (token: string): Promise<number> =>
      (await app.delete('/v1/vaccinations/1', { token })).status;
    expect([await remove(parent.token), await remove(clinician.token), await remove(admin.token)]).toEqual([
      403, 403, 204,
    ]);
  });

  it('the routes of a team have their bodies checked and their names on the wire', async () => {
    const { token } = await app.clinician();
    const answer = await app.post('/v1/vaccinations', { token, body: { user_id: 'x', vaccineName: 'MMR' } });
    expectErrors(answer, 422, { user_id: ['must be an integer'], vaccine_name: ["can't be blank"] });
    const good = await app.post('/v1/vaccinations', { token, body: { user_id: '1', vaccine_name: ' MMR ' } });
    expect(good.body).toEqual({ vaccine_name: 'MMR' });
  });

  it('the routes of a team are in the OpenAPI document', async () => {
    const { body } = await app.get<{
      paths: Record<string, Record<string, { security: object[]; responses: object }>>;
    }>('/docs/openapi.json');
    expect(body.paths['/v1/vaccinations']?.['post']?.responses).toHaveProperty('403');
    expect(body.paths['/v1/vaccinations/open_hours']?.['get']?.security).toContainEqual({});
  });
});

describe('what a team does with the events of accounts', () => {
  it('the rows of a team commit with their cause, and go with their user', async () => {
    const person = await app.parent();
    const list = await app.get<{ vaccinations: object[] }>('/v1/vaccinations', { token: person.token });
    expect(list.body).toMatchObject({
      read_by: person.id,
      vaccinations: [{ user_id: person.id, vaccine: 'none yet' }],
    });
    const { token } = await app.firstAdmin();
    await app.delete(`/v1/users/${person.id}`, { token });
    expect(await app.sql('SELECT id FROM vaccinations WHERE user_id = ?', [person.id])).toEqual([]);
  });

  it("a team's listener within the transaction may undo the change", async () => {
    const { id, token } = await app.parent();
    const answer = await app.put(`/v1/users/${id}`, {
      token,
      body: { user: { first_name: 'New', language: 'de' } },
    });
    expectErrors(answer, 422, { language: ['is not spoken here'] });
    expect((await app.get('/v1/users/me', { token })).body).toMatchObject({ language: 'en' });
    expect((await app.get<{ first_name: string }>('/v1/users/me', { token })).body.first_name).not.toBe(
      'New',
    );
  });

  it("a team's listener may fail after the commit, which is logged and changes nothing", async () => {
    const { id } = await app.parent({ user: someone() });
    await expect.poll(() => app.nest.get(Vaccinations).heard).toContain(id);
    await expect.poll(() => app.logs()).toContain('A reaction after commit failed');
    expect(await app.sql('SELECT id FROM users WHERE id = ?', [id])).toHaveLength(1);
  });
});
