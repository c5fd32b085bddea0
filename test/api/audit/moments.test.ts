import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditLog, auditLog } from '../../support/audit.js';
import { expectErrors } from '../../support/expectations.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;
let audit: AuditLog;
let id: number;

const MOMENTS = [
  '2026-05-01T00:00:00.000Z',
  '2026-05-01T10:20:30.000Z',
  '2026-05-01T10:20:30.999Z',
  '2026-05-01T10:20:59.999Z',
  '2026-05-01T23:59:59.999Z',
  '2026-05-02T00:00:00.000Z',
];

beforeAll(async () => {
  app = await TestApp.start();
  audit = auditLog(app);
  app.clock.set('2026-04-30T23:59:59.999Z');
  const person = await app.parent();
  id = person.id;
  for (const moment of MOMENTS) {
    app.clock.set(moment);
    await app.signIn(person);
  }
});
afterAll(() => app?.stop());

describe('from and to', () => {
  it.each<[string, number, number]>([
    ['from=2026-05-01&to=2026-05-01', 0, 5],
    ['to=2026-05-01', 0, 5],
    ['from=2026-05-02', 5, 6],
    ['from=2026-05-01T10:20:30Z&to=2026-05-01T10:20:30Z', 1, 3],
    ['from=2026-05-01T10:20Z&to=2026-05-01T10:20Z', 1, 4],
    ['from=2026-05-01T10:20:30.999Z&to=2026-05-01T10:20:30.999Z', 2, 3],
    ['from=2026-05-01T10:20:30.999123Z&to=2026-05-01T10:20:30.999123Z', 2, 3],
    ['from=2026-05-01T12:20:30%2B02:00&to=2026-05-01T12:20:30+02:00', 1, 3],
    ['from=2026-05-01t10:20:30z&to=%202026-05-01T10:20:30Z%20', 1, 3],
  ])('%s', async (query, first, end) => {
    const found = await audit.events(`action=session.created&user_id=${id}&${query}`);
    expect(found.map(({ created_at: moment }) => moment)).toEqual(MOMENTS.slice(first, end).toReversed());
  });

  it.each(['2026-02-30', '2026-05-01T25:00Z', '2026-05-01T10:20:30', '2026-05', 'now'])(
    'refuse %s',
    async (moment) => {
      for (const name of ['from', 'to']) {
        const answer = await app.asAdmin('GET', `/v1/audit_events?${name}=${moment}`);
        expectErrors(answer, 422, { [name]: ['is invalid'] });
      }
    },
  );
});
