import { AuditRetention } from '#app/audit/audit-retention.js';
import { AuditSealer } from '#app/audit/audit-sealer.js';
import { WithinTransaction } from '#app/shared/events/domain-events.js';
import { AuditableEvent } from '#app/shared/events/auditable-event.js';
import { UserCancelled } from '#app/users/index.js';
import { describe, expect, it } from 'vitest';
import { auditRows, sealedRows, verification } from '../../support/audit-chain.js';
import { cli } from '../../support/cli.js';
import { databaseKind } from '../../support/database.js';
import { DAY } from '../../support/durations.js';
import { expectStatus } from '../../support/expectations.js';
import { TestApp, untilTestEnds } from '../../support/test-app.js';
import { waitFor } from '../../support/wait-for.js';

describe('a change that is rolled back', () => {
  class Team {
    readonly name = 'team';
  }

  class Refusal {
    isOn = false;
    seen: string[] = [];

    refuse(): void {
      if (this.isOn) throw new Error('No');
    }

    watch(event: AuditableEvent): void {
      this.seen.push(event.auditAction);
    }
  }
  const decorate = (name: 'refuse' | 'watch', decorator: MethodDecorator) =>
    decorator(Refusal.prototype, name, Object.getOwnPropertyDescriptor(Refusal.prototype, name)!);
  decorate('refuse', WithinTransaction(UserCancelled));
  decorate('watch', WithinTransaction(AuditableEvent));

  it('a change that is rolled back leaves no audit event', async () => {
    const module = { module: Team, providers: [Refusal] };
    const app = await untilTestEnds(
      TestApp.start({ LOG_LEVEL: 'silent' }, { extensions: [{ modules: [module] }] }),
    );
    const refusal = app.nest.get(Refusal, { strict: false });
    const person = await app.parent();
    const before = await auditRows(app);
    const cancel = () => app.post(`/v1/users/${person.id}/cancel`, { token: person.token });
    refusal.isOn = true;
    expectStatus(await cancel(), 500);
    expect(await auditRows(app)).toHaveLength(before.length);
    refusal.isOn = false;
    expectStatus(await cancel(), 200);
    expect(await auditRows(app)).toHaveLength(before.length + 1);
    // Who subscribes to the base class gets what extends it.
    expect(refusal.seen).toContain('user.cancelled');
  });
});

describe('retention', () => {
  it('retention removes audit events that are old enough, and the rest verifies', async () => {
    const app = await untilTestEnds(TestApp.start({ AUDIT_RETENTION_DAYS: '30' }));
    const retention = app.nest.get(AuditRetention, { strict: false });
    const { token } = await app.firstAdmin();
    await app.parent();
    await app.get('/v1/users', { token });
    const old = await sealedRows(app);
    app.clock.forward(30 * DAY);
    expect(await retention.removeExpired()).toBe(0);
    await app.parent();
    const all = await sealedRows(app);
    app.clock.forward(1);
    expect(await retention.removeExpired()).toBe(old.length);
    expect((await auditRows(app)).map(({ id }) => id)).toEqual(all.slice(old.length).map(({ id }) => id));
    expect(await app.sql('SELECT * FROM audit_event_users')).toEqual([]);
    expect(await verification(app).verify()).toMatchObject({ links: all.length - old.length });
    await expect(verification(app).verify({ position: 1, seal: old[0]!.seal! })).rejects.toThrow(
      'Link 1, which was noted, has been removed by retention',
    );
    await verification(app).verify({ position: old.length, seal: old.at(-1)!.seal! });

    // Nor is the chain broken where nothing is left of it.
    app.clock.forward(31 * DAY);
    expect(await retention.removeExpired()).toBe(all.length - old.length);
    expect(await verification(app).verify()).toMatchObject({ links: 0, head: { position: all.length } });
    await app.parent();
    const [next] = await sealedRows(app);
    expect(next!.position).toBe(all.length + 1);
    expect(await verification(app).verify()).toMatchObject({ links: 1 });
  });

  it('retention keeps audit events that do not verify', async () => {
    const app = await untilTestEnds(TestApp.start({ AUDIT_RETENTION_DAYS: '30' }));
    await app.parent();
    await app.parent();
    const all = await sealedRows(app);
    await app.sql('UPDATE audit_events SET actor_id = 4711 WHERE position = 2');
    app.clock.forward(31 * DAY);
    await expect(app.nest.get(AuditRetention, { strict: false }).removeExpired()).rejects.toThrow(
      'Link 2 of the audit log: it was altered',
    );
    expect(await auditRows(app)).toHaveLength(all.length);
  });
});

describe('sealing', () => {
  it('audit events are sealed before the process ends', async () => {
    const app = await TestApp.start();
    const person = await app.parent();
    await app.get(`/v1/users/${person.id}`, { token: (await app.firstAdmin()).token });
    await app.nest.close();
    const all = await auditRows(app);
    expect(all.length).toBeGreaterThan(2);
    expect(all.filter(({ position }) => position === null)).toEqual([]);
    await app.stop();
  });

  it('audit events are sealed in batches', async () => {
    const app = await untilTestEnds(TestApp.start());
    await app.parent();
    await sealedRows(app);
    // Doubled until there are several batches.
    while ((await auditRows(app)).length < 1_200) {
      await app.sql(
        'INSERT INTO audit_events (created_at, action, digest) SELECT created_at, action, digest FROM audit_events',
      );
    }
    const sealer = app.nest.get(AuditSealer, { strict: false });
    await waitFor(async () => (await sealer.seal()) === 0, { timeout: 20_000 });
    const positions = (await auditRows(app)).map(({ position }) => position);
    expect(positions).toEqual(positions.map((_, index) => index + 1));
  });

  // The embedded database has one process.
  const shared = databaseKind === 'sqlite' ? [] : [databaseKind];
  it.each(shared)('several processes that seal at once give every audit event one place (%s)', async () => {
    const app = await untilTestEnds(TestApp.spawn());
    const second = await untilTestEnds(TestApp.spawn({}, { database: app.database }));
    const { token } = await app.firstAdmin();
    const person = await app.parent();
    const apis = [app, second];
    const read = async (worker: number) => {
      for (let round = 0; round < 30; round++) {
        const api = apis[(worker + round) % 2]!;
        expectStatus(await api.get(`/v1/users/${person.id}`, { token }), 200);
      }
    };
    await Promise.all(Array.from({ length: 10 }, (_, worker) => read(worker)));
    const all = await sealedRows(app);
    expect(all.length).toBeGreaterThan(300);
    expect(all.map(({ position }) => position!).toSorted((a, b) => a - b)).toEqual(
      all.map((_, index) => index + 1),
    );
    expect(await cli(app, ['audit:verify'])).toMatchObject({
      code: 0,
      output: expect.stringContaining(`${all.length} links`),
    });
    expect(app.logs() + second.logs()).not.toMatch(/could not be sealed|events were lost/);
  });
});
