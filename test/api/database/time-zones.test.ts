import { expect, it } from 'vitest';
import { expectStatus } from '../../support/expectations.js';
import { TestApp, untilTestEnds } from '../../support/test-app.js';

it.each(['Pacific/Kiritimati', 'America/New_York', 'Asia/Kolkata'])(
  'dates and times are the same in the time zone %s',
  async (zone) => {
    const app = await untilTestEnds(TestApp.spawn({ TZ: zone }));
    const before = Date.now();
    const { id, token } = await app.parent({ user: { date_of_birth: '2000-01-01' } });
    const after = Date.now();
    const { body } = expectStatus(await app.get<Record<string, string>>('/v1/users/me', { token }), 200);
    expect(body['date_of_birth']).toBe('2000-01-01');
    expect(body['created_at']).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    const created = Date.parse(body['created_at'] ?? '');
    expect(created).toBeGreaterThanOrEqual(before);
    expect(created).toBeLessThanOrEqual(after);
    // In the database it is UTC, too, whatever the zone of its server.
    const [row] = await app.sql<{ created_at: string; date_of_birth: string }>(
      'SELECT created_at, date_of_birth FROM users WHERE id = ?',
      [id],
    );
    expect(Date.parse(`${row?.created_at.replace(' ', 'T')}Z`)).toBe(created);
    expect(row?.date_of_birth).toBe('2000-01-01');
  },
);
