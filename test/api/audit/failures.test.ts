import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditLog, auditLog } from '../../support/audit.js';
import { MINUTE } from '../../support/durations.js';
import { expectErrors, expectStatus, NOT_AUTHORIZED } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;
let audit: AuditLog;

beforeAll(async () => {
  app = await TestApp.start();
  audit = auditLog(app);
});
afterAll(() => app?.stop());

const count = async (query: string): Promise<number> => (await audit.events(query)).length;

describe('what is refused and recorded all the same', () => {
  it('a wrong confirmation code leaves an event, which the account’s owner sees', async () => {
    const person = await app.parent();
    const [answer, events] = await audit.eventsOf((options) => app.enterCode(person.id, '000001', options));
    expectErrors(answer, 401, 'Invalid Code');
    expect(events).toMatchObject([
      { action: 'user.confirmation_failed', actor_id: null, user_id: person.id, ip: '127.0.0.1' },
    ]);
    const report = await app.get(`/v1/users/${person.id}/access_report`, { token: person.token });
    expect(report.body.access_report[0]).toMatchObject({
      action: 'user.confirmation_failed',
      actor_id: null,
    });
    const [, none] = await audit.eventsOf((options) => app.enterCode(4_000_000_000, '000001', options));
    expect(none).toEqual([]);
  });

  it('a wrong current password leaves an event', async () => {
    const person = await app.parent();
    const body = { user: { current_password: 'not the password', first_name: 'Other' } };
    const [answer, events] = await audit.eventsOf((options) =>
      app.put(`/v1/users/${person.id}`, { ...options, token: person.token, body }),
    );
    expectErrors(answer, 422, { current_password: ['is invalid'] });
    expect(events).toMatchObject([
      { action: 'session.reauthentication_failed', actor_id: person.id, user_id: person.id },
    ]);
  });

  it("a 403 about somebody else's record leaves an event with its id, one about one's own none", async () => {
    const [parent, other, clinician] = [await app.parent(), await app.parent(), await app.clinician()];
    const refused = async (method: string, path: string, { token }: Person) => {
      const [answer, events] = await audit.eventsOf((options) =>
        app.send(method, path, { ...options, token }),
      );
      expectErrors(answer, 403, NOT_AUTHORIZED);
      return events;
    };
    for (const [method, path] of [
      ['GET', `/v1/users/${other.id}`],
      ['PUT', `/v1/users/${other.id}`],
      ['DELETE', `/v1/users/${other.id}`],
      ['POST', `/v1/users/${other.id}/cancel`],
      ['GET', `/v1/users/${other.id}/access_report`],
      ['GET', `/v1/users/${other.id}/messages`],
    ] as const) {
      expect(await refused(method, path, parent)).toMatchObject([
        { action: 'access.denied', actor_id: parent.id, user_id: other.id },
      ]);
    }
    expect(await refused('DELETE', `/v1/users/${other.id}`, clinician)).toMatchObject([
      { action: 'access.denied', actor_id: clinician.id, user_id: other.id },
    ]);
    expect(await refused('DELETE', `/v1/users/${parent.id}`, parent)).toEqual([]);
    expect(await refused('GET', '/v1/audit_events', parent)).toEqual([]);
    const report = await app.get(`/v1/users/${other.id}/access_report`, { token: other.token });
    const actions = report.body.access_report.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(['user.created']);
  });

  it('at most ten a minute are kept of one actor and subject, however many arrive at once', async () => {
    const [parent, one, two] = [await app.parent(), await app.parent(), await app.parent()];
    const read = ({ id }: Person) => app.get(`/v1/users/${id}`, { token: parent.token });
    await Promise.all(Array.from({ length: 14 }, () => read(one)));
    await read(two);
    const of = ({ id }: Person) => `action=access.denied&actor_id=${parent.id}&user_id=${id}`;
    expect(await count(of(one))).toBe(10);
    expect(await count(of(two))).toBe(1);
    app.clock.forward(MINUTE + 1);
    await read(one);
    expect(await count(of(one))).toBe(11);
    for (let attempt = 0; attempt < 12; attempt++) await app.enterCode(one.id, '000001');
    expect(await count(`action=user.confirmation_failed&user_id=${one.id}`)).toBe(10);
    expectStatus(await app.get(`/v1/users/${one.id}`, { token: one.token }), 200);
  });
});
