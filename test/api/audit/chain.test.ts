import { ChainBroken } from '#app/audit/index.js';
import { AuditSealer } from '#app/audit/audit-sealer.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuditRow, auditRows, sealedRows, verification } from '../../support/audit-chain.js';
import { cli } from '../../support/cli.js';
import { someone } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';
import { waitFor } from '../../support/wait-for.js';

async function brokenAt(app: InProcessApp): Promise<string> {
  return verification(app)
    .verify()
    .then(
      () => 'intact',
      (error: unknown) => {
        if (error instanceof ChainBroken) return error.message;
        throw error;
      },
    );
}

describe('somebody who can write to the database', () => {
  let app: InProcessApp;
  let links: AuditRow[];

  beforeAll(async () => {
    app = await TestApp.start();
    const { token } = await app.firstAdmin();
    const people = [await app.parent(), await app.parent()];
    for (const { id } of people) {
      await app.get(`/v1/users/${id}`, { token, headers: { 'X-Access-Reason': 'Call' } });
      await app.get('/v1/users', { token });
    }
    await app.post('/v1/sessions', { body: { email: someone().email, password: 'wrong password' } });
    links = await sealedRows(app);
    for (const table of ['audit_events', 'audit_event_users', 'audit_chain'])
      await app.sql(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
  });
  afterAll(() => app?.stop());
  beforeEach(async () => {
    for (const table of ['audit_event_users', 'audit_events', 'audit_chain'])
      await app.sql(`DELETE FROM ${table}`);
    for (const table of ['audit_events', 'audit_event_users', 'audit_chain'])
      await app.sql(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
  });

  it('an untouched audit log verifies, with links from 1 without gaps', async () => {
    expect(links.map(({ position }) => position)).toEqual(links.map((_, index) => index + 1));
    expect(await verification(app).verify()).toEqual({
      head: { position: links.length, seal: links.at(-1)!.seal },
      links: links.length,
      unsealed: 0,
    });
  });

  it.each([
    ['created_at', "'2020-01-01 00:00:00.000'"],
    ['action', "'user.updated '"],
    ['actor_id', '4711'],
    ['actor_role', "'none'"],
    ['user_id', '4711'],
    ['ip', "'10.0.0.1'"],
    ['request_id', "'another'"],
    ['reason', "'another'"],
    ['digest', `'${'A'.repeat(43)}'`],
  ])('altering %s of an audit event is found', async (column, value) => {
    await app.sql(`UPDATE audit_events SET ${column} = ${value} WHERE position = 4`);
    expect(await brokenAt(app)).toBe(`Link 4 (event ${links[3]!.id}): it was altered`);
  });

  it('altering the seal of an audit event is found', async () => {
    await app.sql('UPDATE audit_events SET seal = ? WHERE position = 4', ['A'.repeat(43)]);
    expect(await brokenAt(app)).toMatch(/^Link 4 \(event \d+\): .*seal was altered$/);
  });

  it('taking a user off the list of an audit event, or adding one, is found', async () => {
    const [listed] = await app.sql<{ event_id: number; user_id: number; position: number }>(
      'SELECT event_id, l.user_id, position FROM audit_event_users l JOIN audit_events e ON e.id = event_id',
    );
    const where = `Link ${listed!.position} (event ${listed!.event_id}): it was altered`;
    await app.sql('DELETE FROM audit_event_users WHERE event_id = ? AND user_id = ?', [
      listed!.event_id,
      listed!.user_id,
    ]);
    expect(await brokenAt(app)).toBe(where);
    await app.sql('INSERT INTO audit_event_users (event_id, user_id) VALUES (?, ?)', [
      listed!.event_id,
      4711,
    ]);
    expect(await brokenAt(app)).toBe(where);
    await app.sql('DELETE FROM audit_event_users WHERE event_id = ?', [listed!.event_id]);
    expect(await brokenAt(app)).toBe(where);
  });

  it('removing an audit event is found, wherever it stands', async () => {
    for (const gone of [1, 3, links.length]) {
      await app.sql('DELETE FROM audit_events WHERE position = ?', [gone]);
      const [{ first }] = (await app.sql<{ first: number }>(
        `SELECT MIN(position) first FROM kept_audit_events k
         WHERE NOT EXISTS (SELECT 1 FROM audit_events e WHERE e.id = k.id)`,
      )) as [{ first: number }];
      expect(await brokenAt(app)).toBe(`Link ${first}: it is missing`);
      await app.sql('INSERT INTO audit_events SELECT * FROM kept_audit_events WHERE position = ?', [gone]);
      await app.sql(
        `INSERT INTO audit_event_users SELECT * FROM kept_audit_event_users k WHERE NOT EXISTS
         (SELECT 1 FROM audit_event_users e WHERE e.event_id = k.event_id AND e.user_id = k.user_id)`,
      );
      expect(await brokenAt(app)).toBe('intact');
    }
  });

  it('closing the gap that a removed audit event leaves is found', async () => {
    await app.sql('DELETE FROM audit_events WHERE position = 3');
    for (const { position } of links.slice(3))
      await app.sql('UPDATE audit_events SET position = ? WHERE position = ?', [position! - 1, position]);
    expect(await brokenAt(app)).toMatch(/^Link 3 \(event \d+\): it is not the one that stood in this place/);
  });

  it('swapping two audit events is found, with their seals or without', async () => {
    const swap = async () => {
      await app.sql('UPDATE audit_events SET position = 0 WHERE position = 4');
      await app.sql('UPDATE audit_events SET position = 4 WHERE position = 5');
      await app.sql('UPDATE audit_events SET position = 5 WHERE position = 0');
    };
    await swap();
    expect(await brokenAt(app)).toMatch(/^Link 4 \(event \d+\): it is not the one/);
    const [four, five] = links.slice(3, 5);
    await app.sql('UPDATE audit_events SET seal = ? WHERE position = 4', [four!.seal]);
    await app.sql('UPDATE audit_events SET seal = ? WHERE position = 5', [five!.seal]);
    expect(await brokenAt(app)).toMatch(/^Link 4 \(event \d+\): it is not the one/);
  });

  it('cutting off the end of the audit log is found, whether the head stays, follows, goes or begins anew', async () => {
    const last = links.length;
    const kept = links.at(-3)!;
    await app.sql('DELETE FROM audit_events WHERE position > ?', [last - 2]);
    expect(await brokenAt(app)).toBe(`Link ${last - 1}: it is missing`);
    await app.sql('UPDATE audit_chain SET position = ?, seal = ?', [kept.position, kept.seal]);
    expect(await brokenAt(app)).toBe('The head of the chain was altered, or written under another secret');
    await app.sql("UPDATE audit_chain SET position = 0, seal = '', mac = NULL");
    expect(await brokenAt(app)).toMatch(/the head of the chain was altered or put back$/);
    await app.sql('DELETE FROM audit_chain');
    expect(await brokenAt(app)).toBe('The head of the chain is missing');
  });

  it('passing a removed beginning of the audit log off as expired is found', async () => {
    await app.sql('DELETE FROM audit_events WHERE position <= 2');
    await app.sql('UPDATE audit_chain SET removed_position = 2, removed_seal = ?', [links[1]!.seal]);
    expect(await brokenAt(app)).toBe('The head of the chain was altered, or written under another secret');
  });

  it('adding an audit event is found, even one that waits to be sealed', async () => {
    const columns = 'created_at, action, actor_id, user_id, digest';
    const values = `'2026-03-04 05:06:07.089', 'user.read', 1, 2, '${'A'.repeat(43)}'`;
    await app.sql(`INSERT INTO audit_events (${columns}) VALUES (${values})`);
    expect(await brokenAt(app)).toMatch(/^Event \d+, not sealed yet: it was altered or forged$/);
    await app.nest.get(AuditSealer, { strict: false }).seal();
    expect(await brokenAt(app)).toMatch(
      new RegExp(`^Link ${links.length + 1} \\(event \\d+\\): it was altered$`),
    );
    await app.sql(`UPDATE audit_events SET position = 0 WHERE position = ${links.length + 1}`);
    expect(await brokenAt(app)).toMatch(/^Link 0 \(event \d+\): this place has been removed by retention$/);
  });

  it('putting an audit event in the place of another is found', async () => {
    await app.sql(
      'INSERT INTO audit_events (created_at, action, digest, position, seal) SELECT created_at, action, digest, position, seal FROM kept_audit_events WHERE position = 4',
    );
    expect(await brokenAt(app)).toBe('Link 4: more than one event claims this place');
  });

  it('an altered head of the chain is never sealed over', async () => {
    const kept = links.at(-2)!;
    await app.sql('DELETE FROM audit_events WHERE position = ?', [links.length]);
    await app.sql('UPDATE audit_chain SET position = ?, seal = ?', [kept.position, kept.seal]);
    await expect(app.nest.get(AuditSealer, { strict: false }).seal()).rejects.toThrow(ChainBroken);
    await app.sql('DELETE FROM audit_chain');
    await expect(app.nest.get(AuditSealer, { strict: false }).seal()).rejects.toThrow(ChainBroken);
  });

  it('restoring an older audit log is found by a newer link, and by the process that sealed it', async () => {
    const noted = { position: links.length, seal: links.at(-1)!.seal! };
    await verification(app).verify(noted);
    await app.signUp();
    await waitFor(async () => (await auditRows(app)).at(-1)?.position === links.length + 1);
    const [later] = await app.sql<AuditRow>('SELECT position, seal FROM audit_chain');
    await verification(app).verify(noted);
    for (const table of ['audit_event_users', 'audit_events', 'audit_chain'])
      await app.sql(`DELETE FROM ${table}`);
    for (const table of ['audit_events', 'audit_event_users', 'audit_chain'])
      await app.sql(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
    expect(await brokenAt(app)).toBe('intact');
    await expect(
      verification(app).verify({ position: later!.position!, seal: later!.seal! }),
    ).rejects.toThrow(`Link ${links.length + 1}: it is missing: link ${links.length + 1} was noted`);
    await expect(verification(app).verify({ ...noted, seal: 'A'.repeat(43) })).rejects.toThrow(
      `Link ${links.length}: it is not the one that was noted`,
    );
    await app.nest.get(AuditSealer, { strict: false }).seal();
    expect(app.logs()).toContain(`ended at link ${links.length + 1} and now ends at link ${links.length}`);
  });

  it('audit:verify tells of a broken log, with exit code 1', async () => {
    const noted = `${links.length}:${links.at(-1)!.seal}`;
    const intact = await cli(app, ['audit:verify', '--noted', noted]);
    expect(intact).toEqual({
      code: 0,
      output: `The audit log is intact: ${links.length} links, 0 events not sealed yet\nNewest link: ${noted}\n`,
    });
    expect(await cli(app, ['audit:verify', '--noted', '1'])).toMatchObject({
      code: 1,
      output: '--noted must be <position>:<seal>\n',
    });
    const kept = { APP_SECRET: 'another secret, at last', AUDIT_SECRET: 'the secret of the tests' };
    expect(await cli(app, ['audit:verify'], kept)).toMatchObject({ code: 0 });
    await app.sql('UPDATE audit_events SET actor_id = 4711 WHERE position = 2');
    expect(await cli(app, ['audit:verify'])).toEqual({
      code: 1,
      output: `The audit log is broken. Link 2 (event ${links[1]!.id}): it was altered\n`,
    });
  });
});
