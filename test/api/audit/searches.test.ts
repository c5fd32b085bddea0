import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditEvent, auditLog, type AuditLog } from '../../support/audit.js';
import { expectStatus } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
import { TestApp } from '../../support/test-app.js';

const MANY = 201;
const ID = (id: number) => 1_000_000 + id;

let app: TestApp;
let audit: AuditLog;
let clinician: Person;
let admin: Person;
/** Three parents of one name. */
let few: number[];

/** Accounts of the same name, in one statement each: so many sign-ups would take long. */
async function copies(of: Person, count: number): Promise<void> {
  const [row] = await app.sql('SELECT * FROM users WHERE id = ?', [of.id]);
  const names = Object.keys(row!);
  const rows = Array.from({ length: count }, (_, index) =>
    names.map((name) => {
      if (name === 'id') return ID(index);
      return name === 'email' ? `copy${index}@example.com` : row![name];
    }),
  );
  const places = rows.map(() => `(${names.map(() => '?').join(', ')})`).join(', ');
  await app.sql(`INSERT INTO users (${names.join(', ')}) VALUES ${places}`, rows.flat());
  const terms = rows.map((_, index) => ['manyfold', ID(index)]);
  const termPlaces = terms.map(() => '(?, ?)').join(', ');
  await app.sql(`INSERT INTO user_search_terms (term, user_id) VALUES ${termPlaces}`, terms.flat());
}

beforeAll(async () => {
  app = await TestApp.start();
  audit = auditLog(app);
  admin = await app.firstAdmin();
  clinician = await app.clinician({ user: { last_name: 'Fewfold' } });
  few = [];
  for (let count = 0; count < 3; count++) few.push((await app.parent({ user: { last_name: 'Fewfold' } })).id);
  await copies(await app.parent(), MANY);
});
afterAll(() => app?.stop());

async function left(query: string, { token }: Person, method: 'get' | 'head' = 'get'): Promise<AuditEvent[]> {
  const [answer, events] = await audit.eventsOf((options) =>
    app[method](`/v1/users?${query}`, { ...options, token }),
  );
  expectStatus(answer, 200);
  return events;
}

describe('a search or a filter', () => {
  it('that counts few leaves one event that names them all, whatever is shown of them', async () => {
    const queries = [
      'search=fewf',
      'search=fewf&page=999',
      'search=fewf&page_size=1',
      'search=fewf&page_size=1&page=2&sort_by=email',
      'search=fewf&after_id=4294967295',
      'search=fewf&after_id=0&page_size=1',
      'search=fewfold&active=true&page=3&role=parent',
    ];
    for (const query of queries) {
      const byClinician = await left(query, clinician);
      expect(byClinician).toMatchObject([
        { action: 'user.listed', actor_id: clinician.id, user_id: null, user_ids: few },
      ]);
      const [byAdmin, ...others] = await left(query, admin);
      expect(others).toEqual([]);
      expect(byAdmin!.user_ids).toEqual([clinician.id, ...few].toSorted((a, b) => a - b));
    }
    const [event] = await left('search=fewf&page=999', clinician, 'head');
    expect(event).toMatchObject({ action: 'user.listed', user_ids: few });
    const found = await audit.events(`user_id=${few[0]}&actor_id=${clinician.id}`);
    expect(found).toHaveLength(queries.length + 1);
  });

  it('that counts many leaves an event with the count and a keyed hash, and one that names who is shown', async () => {
    for (const reader of [clinician, admin]) {
      const past = await left('search=manyfold&page=999', reader);
      expect(past).toMatchObject([
        { action: 'users.searched', actor_id: reader.id, user_id: null, user_ids: null, count: MANY },
      ]);
      const page = await left('search=manyfold&page_size=2', reader);
      expect(page).toMatchObject([
        { action: 'user.listed', user_ids: [ID(0), ID(1)] },
        { action: 'users.searched', count: MANY },
      ]);
    }
    const [event] = await left('active=true&page=999', admin);
    expect(event).toMatchObject({ action: 'users.searched', user_ids: null });
  });

  it('that counts nobody leaves an event, too: that nobody is called so is known now', async () => {
    for (const query of [
      'search=vanderm',
      'search=vanderm&page=9',
      'search=%27',
      'search=fewfold&active=false',
    ]) {
      const [event, ...others] = await left(query, clinician);
      expect(event).toMatchObject({ action: 'users.searched', user_ids: null, count: 0 });
      expect(others).toEqual([]);
    }
  });

  it('has the same hash as another that means the same, and nothing of its value is kept', async () => {
    const hash = async (query: string) =>
      ((await left(query, admin)) as (AuditEvent & { search_hash?: string })[]).at(-1)!.search_hash;
    const one = await hash('search=Manyfold&page=999');
    expect(one).toMatch(/^[\w-]{43}$/);
    expect(await hash('search=%20mANYf%C3%B6ld&page=998')).toBe(one);
    expect(await hash('search=manyfol&page=999')).not.toBe(one);
    expect(await hash('search=manyfold&active=1&page=999')).not.toBe(one);
    const rows = JSON.stringify(await app.sql('SELECT * FROM audit_events')).toLowerCase();
    expect(rows).not.toContain('manyfol');
  });

  it('of a parent leaves none: it shows and counts oneself alone', async () => {
    const parent = await app.parent({ user: { last_name: 'Fewfold' } });
    for (const query of ['search=fewf', 'search=vanderm', 'active=false', 'page=9', 'role=admin'])
      expect(await left(query, parent)).toEqual([]);
    await app.asAdmin('DELETE', `/v1/users/${parent.id}`);
  });

  it('is no plain list: that names who is on the page, and a blank search is none', async () => {
    for (const query of ['page_size=2', 'page_size=2&search=%20&role=&active=']) {
      const [event, ...others] = await left(query, admin);
      expect(others).toEqual([]);
      expect(event!.action).toBe('user.listed');
      expect(event!.user_ids!.length).toBeLessThan(3);
    }
    expect(await left('page=999', admin)).toEqual([]);
  });
});
