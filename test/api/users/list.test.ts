import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';
import { links, LISTED_PEOPLE, listUsers, pageIds, type UserList } from '../../support/user-list.js';

let app: InProcessApp;
let users: UserList;
let root: Person;

beforeAll(async () => {
  app = await TestApp.start();
  users = await listUsers(app);
  root = users.root;
});
afterAll(() => app?.stop());

const emails = async (query: string) =>
  (await users.list(query)).body.users.map(({ email }: Person) => email);

describe('pages', () => {
  it('pages of users are cut in id order, and hold together', async () => {
    const all = pageIds(await users.list('page_size=200'));
    expect(all).toHaveLength(LISTED_PEOPLE.length + 1);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    const pages = [];
    for (const page of [1, 2, 3, 4]) pages.push(await users.list(`page_size=3&page=${page}`));
    expect(pages.map(pageIds)).toEqual([all.slice(0, 3), all.slice(3, 6), all.slice(6, 9), all.slice(9)]);
    for (const [index, { body }] of pages.entries()) {
      expect(body.meta).toEqual({ page: index + 1, page_size: 3, total_count: 10, total_pages: 4 });
    }
  });

  it('a page past the end is empty', async () => {
    const { body } = await users.list('page=5&page_size=3');
    expect(body).toEqual({ users: [], meta: { page: 5, page_size: 3, total_count: 10, total_pages: 4 } });
  });

  it('a list of no users has no pages', async () => {
    const { body } = await users.list('search=nobody-is-called-this');
    expect(body).toEqual({ users: [], meta: { page: 1, page_size: 50, total_count: 0, total_pages: 0 } });
  });

  it('a page holds 1 to 200 users', async () => {
    expect((await users.list('page_size=1')).body.meta.total_pages).toBe(10);
    expect((await users.list('page_size=200')).body.meta.page_size).toBe(200);
  });
});

describe('Link', () => {
  it('the Link header leads through all pages, forwards and backwards, with all other parameters kept', async () => {
    const start = 'page_size=4&sort_by=email&sort_dir=desc&active=1&search=&unknown=%26%3D%20x';
    const first = await users.list(start);
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
      at = await users.follow(links(at)['next']!);
      seen.push(pageIds(at));
    }
    expect(seen.flat()).toEqual(pageIds(await users.list('sort_by=email&sort_dir=desc')));
    expect(Object.keys(links(at)).toSorted()).toEqual(['first', 'last', 'prev']);
    expect(pageIds(await users.follow(links(at)['first']!))).toEqual(seen[0]);
    expect(pageIds(await users.follow(links(at)['prev']!))).toEqual(seen.at(-2));
    expect(pageIds(await users.follow(links(first)['last']!))).toEqual(seen.at(-1));
  });

  it('the Link header ignores the Host header', async () => {
    const { headers } = await app.get('/v1/users?page_size=1', {
      token: root.token,
      headers: { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' },
    });
    expect(headers.get('link')).not.toContain('evil');
  });

  it('the Link header of a page past the end leads back', async () => {
    const back = links(await users.list('page=1000&page_size=3'));
    expect(back['next']).toBeUndefined();
    expect(pageIds(await users.follow(back['prev']!)).length).toBeGreaterThan(0);
  });
});

describe('order', () => {
  it('users are sorted by e-mail address', async () => {
    const all = [...LISTED_PEOPLE.map(({ email }) => email), root.email].toSorted();
    expect(await emails('sort_by=email')).toEqual(all);
    expect(await emails('sort_by=email&sort_dir=ASC')).toEqual(all);
    expect(await emails('sort_by=email&sort_dir=DeSc')).toEqual(all.toReversed());
  });

  it('users are sorted by last name, whatever the case and the accents, and then by id', async () => {
    const lastNames = (await users.list('sort_by=last_name')).body.users
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
    const down = (await users.list('sort_by=last_name&sort_dir=desc')).body.users
      .filter(({ id }: Person) => id !== root.id)
      .map((user: { last_name: string }) => user.last_name);
    expect(down).toEqual(lastNames.toReversed());
  });

  it('users are sorted by creation and by the last change', async () => {
    const byCreation = pageIds(await users.list('sort_by=created_at'));
    expect(byCreation).toEqual(pageIds(await users.list('')));
    expect(pageIds(await users.list('sort_by=created_at&sort_dir=DESC'))).toEqual(byCreation.toReversed());
    app.clock.forward(1000);
    const body = { user: { date_of_birth: '1999-09-09' } };
    expectStatus(await app.put(`/v1/users/${users.ids.get('Bob')!}`, { token: root.token, body }), 200);
    expect(pageIds(await users.list('sort_by=updated_at')).at(-1)).toBe(users.ids.get('Bob'));
    expect(pageIds(await users.list('sort_by=updated_at&sort_dir=DESC'))[0]).toBe(users.ids.get('Bob'));
  });

  it('pages of users with equal values neither repeat nor lose any', async () => {
    await app.sql('UPDATE users SET created_at = ?', ['2026-01-01 00:00:00.000']);
    for (const direction of ['asc', 'desc']) {
      const seen = [];
      for (const page of [1, 2, 3, 4, 5]) {
        seen.push(
          ...pageIds(await users.list(`sort_by=created_at&sort_dir=${direction}&page_size=2&page=${page}`)),
        );
      }
      expect(new Set(seen).size).toBe(LISTED_PEOPLE.length + 1);
    }
  });
});
