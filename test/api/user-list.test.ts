import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectErrors,
  expectStatus,
  type InProcessApp,
  type Person,
  startInProcess,
} from '../support/accounts.js';
import type { Answer } from '../support/client.js';

let app: InProcessApp;
let root: Person;
/** By first name. */
const ids = new Map<string, number>();

const PEOPLE = [
  { first_name: 'Zoë', last_name: 'de Vries', email: 'zoe@example.com', phone: '+31 6 12345678' },
  { first_name: 'adam', last_name: 'Young', email: 'b.adam@example.com', phone: '+1-555-123-4567' },
  { first_name: 'Bob', last_name: 'Çelik', email: 'under_score@example.com' },
  { first_name: 'Carol', last_name: 'adams', email: 'underscore@example.com', phone: '+1 (555) 123-9999' },
  { first_name: 'Dave', last_name: 'Brown', email: '100%@example.com' },
  { first_name: 'Eve!', last_name: 'brown', email: 'eve!@example.com' },
  { first_name: '100%', last_name: 'Ångström', email: 'a1@example.com' },
  { first_name: 'Back\\slash', last_name: 'Zukasz', email: 'a2@example.com' },
  { first_name: 'ﬁnn', last_name: 'Ümit', email: 'a3@example.com' },
];

beforeAll(async () => {
  app = await startInProcess();
  for (const user of PEOPLE) {
    app.clock.forward(1000);
    ids.set(user.first_name, (await app.parent({ user })).id);
  }
  root = await app.firstAdmin();
});
afterAll(() => app?.stop());

const list = async (query = '', { token } = root): Promise<Answer> =>
  expectStatus(await app.get(`/v1/users?${query}`, { token }), 200);

const namesFound = async (query: string): Promise<string[]> => {
  const { body } = await list(query);
  expect(body.meta.total_count).toBe(body.users.length);
  return body.users.map((user: { first_name: string }) => user.first_name);
};

/** `rel` -> path and query. */
function links({ headers }: Answer): Record<string, string> {
  const entries = [...(headers.get('link') ?? '').matchAll(/<([^>]*)>; *rel="([^"]*)"/g)];
  return Object.fromEntries(entries.map(([, target, rel]) => [rel!, target!]));
}

const pageIds = ({ body }: Answer): number[] => body.users.map(({ id }: Person) => id);
const emails = async (query: string) => (await list(query)).body.users.map(({ email }: Person) => email);
const follow = (link: string) => app.get(link, { token: root.token });

describe('pages', () => {
  it('are cut in id order, and hold together', async () => {
    const all = pageIds(await list('page_size=200'));
    expect(all).toHaveLength(PEOPLE.length + 1);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    const pages = [];
    for (const page of [1, 2, 3, 4]) pages.push(await list(`page_size=3&page=${page}`));
    expect(pages.map(pageIds)).toEqual([all.slice(0, 3), all.slice(3, 6), all.slice(6, 9), all.slice(9)]);
    for (const [index, { body }] of pages.entries()) {
      expect(body.meta).toEqual({ page: index + 1, page_size: 3, total_count: 10, total_pages: 4 });
    }
  });

  it('past the end are empty', async () => {
    const { body } = await list('page=5&page_size=3');
    expect(body).toEqual({ users: [], meta: { page: 5, page_size: 3, total_count: 10, total_pages: 4 } });
  });

  it('of nothing are none', async () => {
    const { body } = await list('search=nobody-is-called-this');
    expect(body).toEqual({ users: [], meta: { page: 1, page_size: 50, total_count: 0, total_pages: 0 } });
  });

  it('hold 1 to 200 users', async () => {
    expect((await list('page_size=1')).body.meta.total_pages).toBe(10);
    expect((await list('page_size=200')).body.meta.page_size).toBe(200);
  });
});

describe('Link', () => {
  it('leads through all pages, forwards and backwards, with all other parameters kept', async () => {
    const start = 'page_size=4&sort_by=email&sort_dir=desc&active=1&search=&unknown=%26%3D%20x';
    const first = await list(start);
    expect(Object.keys(links(first)).toSorted()).toEqual(['first', 'last', 'next']);
    const seen = [pageIds(first)];
    let at = first;
    while (links(at)['next']) {
      const next = new URL(links(at)['next']!, app.url);
      expect(next.pathname).toBe('/v1/users');
      expect(Object.fromEntries(next.searchParams)).toMatchObject({
        page_size: '4',
        sort_by: 'email',
        sort_dir: 'desc',
        active: '1',
        unknown: '&= x',
      });
      at = await follow(links(at)['next']!);
      seen.push(pageIds(at));
    }
    expect(seen.flat()).toEqual(pageIds(await list('sort_by=email&sort_dir=desc')));
    expect(Object.keys(links(at)).toSorted()).toEqual(['first', 'last', 'prev']);
    expect(pageIds(await follow(links(at)['first']!))).toEqual(seen[0]);
    expect(pageIds(await follow(links(at)['prev']!))).toEqual(seen.at(-2));
    expect(pageIds(await follow(links(first)['last']!))).toEqual(seen.at(-1));
  });

  it('comes from no Host header', async () => {
    const { headers } = await app.get('/v1/users?page_size=1', {
      token: root.token,
      headers: { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' },
    });
    expect(headers.get('link')).not.toContain('evil');
  });

  it('from past the end leads back', async () => {
    const back = links(await list('page=1000&page_size=3'));
    expect(back['next']).toBeUndefined();
    expect(pageIds(await follow(back['prev']!)).length).toBeGreaterThan(0);
  });
});

describe('order', () => {
  it('by e-mail address', async () => {
    const all = [...PEOPLE.map(({ email }) => email), root.email].toSorted();
    expect(await emails('sort_by=email')).toEqual(all);
    expect(await emails('sort_by=email&sort_dir=ASC')).toEqual(all);
    expect(await emails('sort_by=email&sort_dir=DeSc')).toEqual(all.toReversed());
  });

  it('by last name, whatever the case and the accents, and then by id', async () => {
    const lastNames = (await list('sort_by=last_name')).body.users
      .filter(({ id }: Person) => id !== root.id)
      .map((user: { last_name: string }) => user.last_name);
    expect(lastNames).toEqual([
      'adams',
      'Ångström',
      'Brown',
      'brown',
      'Çelik',
      'de Vries',
      'Ümit',
      'Young',
      'Zukasz',
    ]);
    const down = (await list('sort_by=last_name&sort_dir=desc')).body.users
      .filter(({ id }: Person) => id !== root.id)
      .map((user: { last_name: string }) => user.last_name);
    expect(down).toEqual(lastNames.toReversed());
  });

  it('by creation and by the last change', async () => {
    const byCreation = pageIds(await list('sort_by=created_at'));
    expect(byCreation).toEqual(pageIds(await list('')));
    expect(pageIds(await list('sort_by=created_at&sort_dir=DESC'))).toEqual(byCreation.toReversed());
    app.clock.forward(1000);
    const body = { user: { date_of_birth: '1999-09-09' } };
    expectStatus(await app.put(`/v1/users/${ids.get('Bob')!}`, { token: root.token, body }), 200);
    expect(pageIds(await list('sort_by=updated_at')).at(-1)).toBe(ids.get('Bob'));
    expect(pageIds(await list('sort_by=updated_at&sort_dir=DESC'))[0]).toBe(ids.get('Bob'));
  });

  it('pages of equal values neither repeat nor lose anybody', async () => {
    await app.sql('UPDATE users SET created_at = ?', ['2026-01-01 00:00:00.000']);
    for (const direction of ['asc', 'desc']) {
      const seen = [];
      for (const page of [1, 2, 3, 4, 5]) {
        seen.push(
          ...pageIds(await list(`sort_by=created_at&sort_dir=${direction}&page_size=2&page=${page}`)),
        );
      }
      expect(new Set(seen).size).toBe(PEOPLE.length + 1);
    }
  });
});

describe('search', () => {
  it.each<[string, string[]]>([
    ['zoe@', ['Zoë']],
    ['ZOE@EXAMPLE.com', ['Zoë']],
    ['zoë', ['Zoë']],
    ['ZOË', ['Zoë']],
    ['zoe\u0308', ['Zoë']],
    ['zoe', ['Zoë']],
    ['DE VR', ['Zoë']],
    ['vries', ['Zoë']],
    ['çel', ['Bob']],
    ['CELIK', ['Bob']],
    ['brown', ['Dave', 'Eve!']],
    ['ADAM', ['adam', 'Carol']],
    ['ang', ['100%']],
    ['ÅNG', ['100%']],
    ['finn', ['ﬁnn']],
    ['xample', []],
    ['under_', ['Bob']],
    ['under', ['Bob', 'Carol']],
    ['u_der', []],
    ['%', []],
    ['_', []],
    ['100%', ['Dave', '100%']],
    ['eve!', ['Eve!']],
    ['!', []],
    ['!%', []],
    ['back\\', ['Back\\slash']],
    ['\\', []],
    ['back\\%', []],
    ["'", []],
    ["' OR 1=1 --", []],
    ['"', []],
  ])('%s', async (search, names) => {
    expect(await namesFound(`search=${encodeURIComponent(search)}`)).toEqual(names);
    expect(await namesFound(`after_id=0&search=${encodeURIComponent(search)}`)).toEqual(names);
  });

  it.each<[string, string[]]>([
    ['+1555123', ['adam', 'Carol']],
    ['1555123', ['adam', 'Carol']],
    ['+1-555-123-4567', ['adam']],
    ['+1 (555) 123-45', ['adam']],
    ['15551239', ['Carol']],
    ['316', ['Zoë']],
    ['9999', []],
    ['+', []],
  ])('phone digits %s', async (search, names) => {
    expect(await namesFound(`search=${encodeURIComponent(search)}`)).toEqual(names);
  });

  it('goes together with filters and pages', async () => {
    const { body } = await list('search=under&page_size=1&page=2&role=parent');
    expect(body.users.map((user: { first_name: string }) => user.first_name)).toEqual(['Carol']);
    expect(body.meta).toEqual({ page: 2, page_size: 1, total_count: 2, total_pages: 2 });
    expect(await namesFound('search=under&role=admin')).toEqual([]);
  });

  it('of blanks is none', async () => {
    expect((await list('search=%20%20')).body.meta.total_count).toBe(PEOPLE.length + 1);
  });
});

describe('filters', () => {
  let cancelled: Person;
  let clinician: Person;
  let template: Person;

  beforeAll(async () => {
    cancelled = await app.parent();
    expectStatus(await app.post(`/v1/users/${cancelled.id}/cancel`, { token: cancelled.token }), 200);
    clinician = await app.clinician();
    template = await app.parent({ template: true });
  });

  it.each<[string, () => number[]]>([
    ['role=admin', () => [root.id]],
    ['active=false', () => [cancelled.id]],
    ['active=0', () => [cancelled.id]],
    ['confirmed=true', () => [root.id, clinician.id]],
    ['confirmed=1', () => [root.id, clinician.id]],
    ['clinical=1', () => [clinician.id]],
    ['clinical=true&role=admin', () => []],
    ['template=true', () => [template.id]],
    ['template=true&active=1&role=parent&confirmed=0&clinical=0', () => [template.id]],
  ])('%s', async (query, expected) => {
    const answer = await list(query);
    expect(pageIds(answer)).toEqual(expected());
    expect(answer.body.meta.total_count).toBe(expected().length);
  });

  it('a flag and its opposite make all', async () => {
    const total = (await list()).body.meta.total_count;
    for (const flag of ['active', 'confirmed', 'clinical', 'template']) {
      const [yes, no] = [await list(`${flag}=true`), await list(`${flag}=false`)];
      expect(yes.body.meta.total_count + no.body.meta.total_count).toBe(total);
    }
  });

  it('count what the caller may see', async () => {
    const { body } = await list('clinical=false', clinician);
    expect(body.users.map(({ id }: Person) => id)).not.toContain(root.id);
    expect(body.meta.total_count).toBe(body.users.length);
  });
});

describe('after_id', () => {
  it('walks all users in id order', async () => {
    const all = pageIds(await list('page_size=200'));
    let at = await list('after_id=0&page_size=5&active=true');
    const seen = [];
    for (;;) {
      expect(Object.keys(at.body.meta)).toEqual(['page_size', 'total_count', 'total_pages']);
      expect(at.body.meta.page_size).toBe(5);
      seen.push(...pageIds(at));
      const { next, ...others } = links(at);
      expect(others).toEqual({});
      if (next === undefined) break;
      expect(new URL(next, app.url).searchParams.get('active')).toBe('true');
      at = await follow(next);
    }
    const inactive = pageIds(await list('active=0'));
    expect(seen).toEqual(all.filter((id) => !inactive.includes(id)));
  });

  it('starts behind the id, whether there is one or not', async () => {
    const all = pageIds(await list('page_size=200'));
    expect(pageIds(await list(`after_id=${all[3]}&page_size=2`))).toEqual(all.slice(4, 6));
    expect(pageIds(await list(`after_id=${all.at(-1)}`))).toEqual([]);
    expect(pageIds(await list('after_id=4294967295'))).toEqual([]);
  });

  it('has no next when it ends exactly', async () => {
    const { body } = await list();
    const answer = await list(`after_id=0&page_size=${body.meta.total_count}`);
    expect(pageIds(answer)).toHaveLength(body.meta.total_count);
    expect(answer.headers.get('link')).toBeNull();
  });

  it('goes together with a search, but not with page or sort_by', async () => {
    expect(await namesFound('after_id=0&search=under')).toEqual(['Bob', 'Carol']);
    for (const query of ['after_id=0&page=1', 'after_id=0&sort_by=id', 'after_id=0&page=2&sort_by=email']) {
      expectErrors(await app.get(`/v1/users?${query}`, { token: root.token }), 422, {
        after_id: ['is not allowed'],
      });
    }
  });

  it('empty counts as absent, and so do empty page and sort_by beside it', async () => {
    expect((await list('after_id=&page=1')).body.meta.page).toBe(1);
    expect((await list('after_id=0&page=&sort_by=')).body.meta).not.toHaveProperty('page');
  });
});
