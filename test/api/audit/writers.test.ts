import { createHmac } from 'node:crypto';
import { ChainBroken } from '#app/audit/index.js';
import { derivedKey } from '#app/shared/lib/derived-key.js';
import { describe, expect, it } from 'vitest';
import { sealedRows, verification } from '../../support/audit-chain.js';
import { expectStatus } from '../../support/expectations.js';
import { type InProcessApp, TestApp, untilTestEnds } from '../../support/test-app.js';

const SECRET = 'the secret of the tests';

async function verdict(app: InProcessApp): Promise<string> {
  try {
    await verification(app).verify();
    return 'intact';
  } catch (error) {
    if (error instanceof ChainBroken) return error.message;
    throw error;
  }
}

interface Numbered {
  id: number;
  writer: string;
  writer_number: number;
}

const numbered = (app: TestApp) =>
  app.sql<Numbered>('SELECT id, writer, writer_number FROM audit_events ORDER BY id');

/** Nothing is sealed as long as the head says that it is not genuine. */
async function withoutSealer(app: TestApp): Promise<() => Promise<void>> {
  const [{ mac }] = (await app.sql<{ mac: string | null }>('SELECT mac FROM audit_chain')) as [
    { mac: string | null },
  ];
  await app.sql("UPDATE audit_chain SET mac = 'withheld'");
  return async () => void (await app.sql('UPDATE audit_chain SET mac = ?', [mac]));
}

describe('an event that was removed before its seal', () => {
  it('is missed, once its writer has written the next', async () => {
    const app = await untilTestEnds(TestApp.start({ APP_SECRET: SECRET, LOG_LEVEL: 'silent' }));
    const release = await withoutSealer(app);
    for (let count = 0; count < 3; count++) await app.parent();
    const [, removed, next] = (await numbered(app)).slice(-3);
    expect(next!.writer).toBe(removed!.writer);
    await app.sql('DELETE FROM audit_events WHERE id = ?', [removed!.id]);
    await release();
    expect(await verdict(app)).toBe(
      `Before event ${next!.id}, an event of the same writer was removed unsealed`,
    );
  });

  it('is missed where it was the first of its writer', async () => {
    const app = await untilTestEnds(TestApp.start({ APP_SECRET: SECRET, LOG_LEVEL: 'silent' }));
    const release = await withoutSealer(app);
    for (let count = 0; count < 2; count++) await app.parent();
    const first = (await numbered(app)).find(({ writer_number: number }) => number === 1)!;
    await app.sql('DELETE FROM audit_events WHERE id = ?', [first.id]);
    await release();
    expect(await verdict(app)).toMatch(
      /^Before event \d+, an event of the same writer was removed unsealed$/,
    );
  });

  it('cannot be replaced by a copy of another', async () => {
    const app = await untilTestEnds(TestApp.start({ APP_SECRET: SECRET, LOG_LEVEL: 'silent' }));
    await app.parent();
    const release = await withoutSealer(app);
    const columns =
      'created_at, action, actor_id, actor_role, user_id, ip, request_id, reason, counted, search_hash, writer, writer_number, digest';
    await app.sql(
      `INSERT INTO audit_events (${columns}) SELECT ${columns} FROM (SELECT * FROM audit_events ORDER BY id DESC LIMIT 1) e`,
    );
    await release();
    expect(await verdict(app)).toMatch(/it is a copy of another event$/);
  });
});

describe('the numbers of events', () => {
  it('have no gaps, whatever is rolled back or done at once', async () => {
    const app = await untilTestEnds(TestApp.start({ APP_SECRET: SECRET }));
    const person = await app.parent();
    const { token } = await app.firstAdmin();
    await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        // Refused with the last administrator: the transaction is rolled back, in part after an event.
        if (index % 3 === 0)
          return app.asAdmin('PUT', `/v1/users/${(await app.firstAdmin()).id}/role`, { role: 'parent' });
        if (index % 3 === 1) return app.signUp({ user: { email: person.email } });
        return app.get(`/v1/users/${person.id}`, { token });
      }),
    );
    await sealedRows(app);
    expect(await verdict(app)).toBe('intact');
    for (const { writer, writer_number: number } of await numbered(app)) {
      expect(writer).toMatch(/^[\w-]{16}$/);
      expect(number).toBeGreaterThan(0);
    }
  });
});

describe('a log that was written before events had numbers', () => {
  it('verifies as it did, and goes on', async () => {
    const app = await untilTestEnds(TestApp.start({ APP_SECRET: SECRET, LOG_LEVEL: 'silent' }));
    await app.parent();
    await sealedRows(app);
    // As the version before made them.
    const key = derivedKey(SECRET, 'audit chain');
    const mac = (...fields: unknown[]) =>
      createHmac('sha256', key).update(JSON.stringify(fields)).digest('base64url');
    await app.sql('DELETE FROM audit_events');
    const moment = '2026-01-02T03:04:05.678Z';
    const links = [1, 2, 3].map((position) => ({
      position,
      digest: mac(
        'event',
        moment,
        'user.read',
        7,
        'admin',
        position,
        null,
        '127.0.0.1',
        `r${position}`,
        null,
      ),
    }));
    let seal = '';
    for (const { position, digest } of links) {
      const id = 900_000 + position;
      seal = mac('link', seal, position, id, digest);
      await app.sql(
        `INSERT INTO audit_events (id, created_at, action, actor_id, actor_role, user_id, ip, request_id, digest, position, seal)
         VALUES (?, '2026-01-02 03:04:05.678', 'user.read', 7, 'admin', ?, '127.0.0.1', ?, ?, ?, ?)`,
        [id, position, `r${position}`, digest, position, seal],
      );
    }
    await app.sql(
      "UPDATE audit_chain SET position = 3, seal = ?, removed_position = 0, removed_seal = '', mac = ?",
      [seal, mac('head', 3, seal, 0, '')],
    );
    expect(await verdict(app)).toBe('intact');
    await app.sql('UPDATE audit_events SET writer = ?, writer_number = 1 WHERE position = 2', [
      'a'.repeat(16),
    ]);
    expect(await verdict(app)).toBe('Link 2 (event 900002): it was altered');
    await app.sql('UPDATE audit_events SET writer = NULL, writer_number = NULL WHERE position = 2');
    await app.sql('UPDATE audit_events SET counted = 0 WHERE position = 2');
    expect(await verdict(app)).toBe('Link 2 (event 900002): it was altered');
    expectStatus(await app.signUp(), 201);
  });
});
