import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.js';
import { type Person, someone } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

let app: TestApp;
let person: Person;

const details = { ...someone(), phone: '+15551234567', date_of_birth: '1990-05-15' };

beforeAll(async () => {
  app = await TestApp.spawn();
  person = await app.parent({ user: details });
  const other = await app.parent({ user: { last_name: details.last_name } });
  await app.get(`/v1/users?search=${details.last_name}`, { token: (await app.firstAdmin()).token });
  await app.get(`/v1/users/${other.id}`, { token: (await app.firstAdmin()).token });
});
afterAll(() => app?.stop());

const exported = (user: string) => cli(app, ['users:export', user]);

describe('users:export', () => {
  it('users:export prints everything about one person and nothing about others', async () => {
    const { code, output } = await exported(person.email.toUpperCase());
    expect(code).toBe(0);
    const data = JSON.parse(output);
    expect(Object.keys(data)).toEqual(['account', 'audit_events', 'messages', 'sessions']);
    const { password: _, ...account } = details;
    expect(data.account).toMatchObject({ id: person.id, ...account, template: false, cancelled_at: null });
    expect(data.sessions).toEqual([
      {
        id: expect.any(Number),
        created_at: expect.any(String),
        last_seen_at: expect.any(String),
        ip: '127.0.0.1',
        user_agent: null,
      },
    ]);
    expect(data.messages).toMatchObject([
      { kind: 'confirmation', channel: 'sms', destination: '+*********67' },
    ]);
    const actions = data.audit_events.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(['user.listed', 'user.created']);
    expect(data.audit_events[0]).not.toHaveProperty('user_ids');
    for (const secret of ['digest', 'password', person.token]) expect(output).not.toContain(secret);
  });

  it('users:export leaves an audit event without an actor', async () => {
    const { code, output } = await exported(String(person.id));
    expect(code).toBe(0);
    expect(JSON.parse(output).audit_events[0]).toEqual({
      created_at: expect.any(String),
      action: 'user.exported',
      actor_id: null,
      actor_role: null,
      ip: null,
      request_id: null,
      reason: null,
    });
  });

  it.each(['4000000000', 'nobody@example.com', 'abc'])('users:export does not know %s', async (user) => {
    expect(await exported(user)).toEqual({ code: 1, output: 'User not found\n' });
  });
});
