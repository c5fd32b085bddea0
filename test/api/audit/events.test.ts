import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLog, type AuditLog } from '../../support/audit.js';
import type { Answer, RequestOptions } from '../../support/client.js';
import { expectErrors } from '../../support/expectations.js';
import { FIRST_ADMIN, type Person, someone } from '../../support/people.js';
import { TestApp } from '../../support/test-app.js';

let app: TestApp;
let root: Person;
let audit: AuditLog;

beforeAll(async () => {
  app = await TestApp.spawn();
  root = await app.firstAdmin();
  audit = auditLog(app);
});
afterAll(() => app?.stop());

type Act = (whom: Person, options: RequestOptions) => Promise<Answer>;
const edit =
  (body: object): Act =>
  (whom, options) =>
    app.put(`/v1/users/${whom.id}`, { ...options, body });
const confirmedClinical = async (): Promise<Person> => {
  const person = await app.parent({ clinical: true });
  await app.confirm(person.id);
  return person;
};
const cancelled = async (): Promise<Person> => {
  const person = await app.parent();
  await app.cancel(person);
  return person;
};

describe('changes', () => {
  const CHANGES: [string, () => Promise<Person>, Act, string[]][] = [
    ['name', () => app.parent(), edit({ user: { first_name: 'New' } }), ['user.updated']],
    [
      'password',
      () => app.parent(),
      edit({ user: { password: 'another fine secret' } }),
      ['user.updated', 'user.password_changed'],
    ],
    [
      'address',
      () => app.parent({ user: { phone: '+15551234567' } }),
      edit({ user: { email: someone().email } }),
      ['user.updated', 'user.email_changed'],
    ],
    [
      'phone',
      () => app.parent(),
      edit({ user: { phone: '+15557654321' } }),
      ['user.updated', 'user.phone_changed', 'user.confirmation_withdrawn'],
    ],
    [
      'clinical taken back',
      () => app.clinician(),
      edit({ clinical: false }),
      ['user.updated', 'user.clinical_approval_withdrawn'],
    ],
    [
      'cancel',
      () => app.parent(),
      (whom, options) => app.post(`/v1/users/${whom.id}/cancel`, options),
      ['user.cancelled'],
    ],
    [
      'reactivate',
      cancelled,
      (whom, options) => app.post(`/v1/users/${whom.id}/reactivate`, options),
      ['user.reactivated'],
    ],
    [
      'role',
      () => app.parent(),
      (whom, options) => app.put(`/v1/users/${whom.id}/role`, { ...options, body: { role: 'admin' } }),
      ['user.role_changed'],
    ],
    [
      'approval',
      confirmedClinical,
      (whom, options) =>
        app.put(`/v1/users/${whom.id}/clinical_approval`, { ...options, body: { approved: true } }),
      ['user.clinical_approved'],
    ],
    [
      'approval withdrawn',
      () => app.clinician(),
      (whom, options) =>
        app.put(`/v1/users/${whom.id}/clinical_approval`, { ...options, body: { approved: false } }),
      ['user.clinical_approval_withdrawn'],
    ],
    [
      'delete',
      () => app.parent(),
      (whom, options) => app.delete(`/v1/users/${whom.id}`, options),
      ['user.deleted'],
    ],
    [
      'sessions',
      () => app.parent(),
      (whom, options) => app.delete(`/v1/users/${whom.id}/sessions`, options),
      ['user.sessions_ended'],
    ],
  ];

  it.each(CHANGES)(
    'what an administrator does to an account leaves its audit events: %s',
    async (_, make, act, expected) => {
      const whom = await make();
      const [answer, found] = await audit.eventsOf((options) => act(whom, { ...options, token: root.token }));
      expect(answer.status).toBeLessThan(300);
      expect(found.map(({ action }) => action)).toEqual(expected);
      for (const event of found) {
        expect(event).toEqual({
          id: expect.any(Number),
          created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          action: event.action,
          actor_id: root.id,
          user_id: whom.id,
          user_ids: null,
          ip: '127.0.0.1',
          request_id: expect.stringMatching(/^test-/),
          reason: null,
        });
        expect(Math.abs(Date.now() - Date.parse(event.created_at))).toBeLessThan(60_000);
      }
    },
  );

  it("a change of one's own account leaves an audit event", async () => {
    const person = await app.parent();
    const body = { user: { last_name: 'Own' } };
    const [, found] = await audit.eventsOf((options) =>
      app.put(`/v1/users/${person.id}`, { ...options, token: person.token, body }),
    );
    expect(found).toMatchObject([{ action: 'user.updated', actor_id: person.id, user_id: person.id }]);
  });

  it('a change that is refused leaves no audit event', async () => {
    const whom = await app.parent();
    const attempts: ((options: RequestOptions) => Promise<Answer>)[] = [
      (options) =>
        app.put(`/v1/users/${whom.id}`, { ...options, body: { user: { email: FIRST_ADMIN.email } } }),
      (options) =>
        app.put(`/v1/users/${whom.id}/clinical_approval`, { ...options, body: { approved: true } }),
      (options) => app.get('/v1/users/4000000000', options),
    ];
    for (const attempt of attempts) {
      const [answer, found] = await audit.eventsOf((options) => attempt({ ...options, token: root.token }));
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(found).toEqual([]);
    }
  });

  it('an administrator who is shown an account without a change has read it', async () => {
    const whom = await app.parent();
    const [, found] = await audit.eventsOf((options) =>
      app.put(`/v1/users/${whom.id}`, { ...options, token: root.token, body: {} }),
    );
    expect(found).toMatchObject([{ action: 'user.read', actor_id: root.id, user_id: whom.id }]);
    const [, own] = await audit.eventsOf((options) =>
      app.put(`/v1/users/${whom.id}`, { ...options, token: whom.token, body: {} }),
    );
    expect(own).toEqual([]);
  });
});

describe('signing up and in', () => {
  it('a sign-up leaves an audit event without an actor', async () => {
    const [answer, found] = await audit.eventsOf((options) =>
      app.post('/v1/users', { ...options, body: { user: someone() } }),
    );
    expect(found).toMatchObject([{ action: 'user.created', actor_id: null, user_id: answer.body.id }]);
  });

  it('an account that an administrator creates has that administrator as the actor', async () => {
    const [answer, found] = await audit.eventsOf((options) =>
      app.post('/v1/users', { ...options, token: root.token, body: { user: someone() } }),
    );
    expect(found).toMatchObject([{ action: 'user.created', actor_id: root.id, user_id: answer.body.id }]);
  });

  it('a sign-in has the person as the actor, whatever token comes along', async () => {
    const { email, password, id } = await app.parent();
    const [, found] = await audit.eventsOf((options) =>
      app.post('/v1/sessions', { ...options, token: root.token, body: { email, password } }),
    );
    expect(found).toMatchObject([{ action: 'session.created', actor_id: id, user_id: id }]);
  });

  it('a failed sign-in leaves an audit event: of an account, of none, of a cancelled one', async () => {
    const person = await app.parent();
    const attempt = (body: object) =>
      audit.eventsOf((options) => app.post('/v1/sessions', { ...options, body }));
    const [wrong, first] = await attempt({ email: person.email, password: 'wrong password' });
    expectErrors(wrong, 401, 'Invalid email or password');
    expect(first).toMatchObject([{ action: 'session.failed', actor_id: null, user_id: person.id }]);
    const [, second] = await attempt({ email: someone().email, password: 'wrong password' });
    expect(second).toMatchObject([{ action: 'session.failed', actor_id: null, user_id: null }]);
    await app.cancel(person);
    const [refused, third] = await attempt({ email: person.email, password: person.password });
    expectErrors(refused, 403, 'Account is not active');
    expect(third).toMatchObject([{ action: 'session.failed', actor_id: null, user_id: person.id }]);
  });

  it('the end of sessions leaves one audit event each', async () => {
    const person = await app.parent();
    const token = await app.signIn(person);
    const [, others] = await audit.eventsOf((options) => app.delete('/v1/sessions', { ...options, token }));
    expect(others).toMatchObject([
      { action: 'session.others_ended', actor_id: person.id, user_id: person.id },
    ]);
    const [, none] = await audit.eventsOf((options) => app.delete('/v1/sessions', { ...options, token }));
    expect(none).toEqual([]);
    const [, out] = await audit.eventsOf((options) =>
      app.delete('/v1/sessions/current', { ...options, token }),
    );
    expect(out).toMatchObject([{ action: 'session.ended', actor_id: person.id, user_id: person.id }]);
  });
});
