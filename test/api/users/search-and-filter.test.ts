import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectErrors } from '../../support/expectations.js';
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

const namesFound = async (query: string): Promise<string[]> => {
  const { body } = await users.list(query);
  expect(body.meta.total_count).toBe(body.users.length);
  return body.users.map((user: { first_name: string }) => user.first_name);
};

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
  ])('a search for %s finds the users whose address or names begin so', async (search, names) => {
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
  ])('a search for the phone digits %s finds the users whose number begins so', async (search, names) => {
    expect(await namesFound(`search=${encodeURIComponent(search)}`)).toEqual(names);
  });

  it('a search goes together with filters and pages', async () => {
    const { body } = await users.list('search=under&page_size=1&page=2&role=parent');
    expect(body.users.map((user: { first_name: string }) => user.first_name)).toEqual(['Carol']);
    expect(body.meta).toEqual({ page: 2, page_size: 1, total_count: 2, total_pages: 2 });
    expect(await namesFound('search=under&role=admin')).toEqual([]);
  });

  it('a search for blanks is none', async () => {
    expect((await users.list('search=%20%20')).body.meta.total_count).toBe(LISTED_PEOPLE.length + 1);
  });
});

describe('filters', () => {
  let cancelled: Person;
  let clinician: Person;
  let template: Person;

  beforeAll(async () => {
    cancelled = await app.parent();
    await app.cancel(cancelled);
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
  ])('the filter %s shows the users that it names', async (query, expected) => {
    const answer = await users.list(query);
    expect(pageIds(answer)).toEqual(expected());
    expect(answer.body.meta.total_count).toBe(expected().length);
  });

  it('a filter and its opposite show all users', async () => {
    const total = (await users.list()).body.meta.total_count;
    for (const flag of ['active', 'confirmed', 'clinical', 'template']) {
      const [yes, no] = [await users.list(`${flag}=true`), await users.list(`${flag}=false`)];
      expect(yes.body.meta.total_count + no.body.meta.total_count).toBe(total);
    }
  });

  it('filters count the users that the caller may see', async () => {
    const { body } = await users.list('clinical=false', clinician);
    expect(body.users.map(({ id }: Person) => id)).not.toContain(root.id);
    expect(body.meta.total_count).toBe(body.users.length);
  });
});

describe('after_id', () => {
  it('after_id goes through all users in id order', async () => {
    const all = pageIds(await users.list('page_size=200'));
    let at = await users.list('after_id=0&page_size=5&active=true');
    const seen = [];
    for (;;) {
      expect(Object.keys(at.body.meta)).toEqual(['page_size', 'total_count', 'total_pages']);
      expect(at.body.meta.page_size).toBe(5);
      seen.push(...pageIds(at));
      const { next, ...others } = links(at);
      expect(others).toEqual({});
      if (next === undefined) break;
      expect(new URL(next, app.url).searchParams.get('active')).toBe('true');
      at = await users.follow(next);
    }
    const inactive = pageIds(await users.list('active=0'));
    expect(seen).toEqual(all.filter((id) => !inactive.includes(id)));
  });

  it('after_id starts behind the id, whether it exists or not', async () => {
    const all = pageIds(await users.list('page_size=200'));
    expect(pageIds(await users.list(`after_id=${all[3]}&page_size=2`))).toEqual(all.slice(4, 6));
    expect(pageIds(await users.list(`after_id=${all.at(-1)}`))).toEqual([]);
    expect(pageIds(await users.list('after_id=4294967295'))).toEqual([]);
  });

  it('after_id gives no next link when the list ends exactly', async () => {
    const { body } = await users.list();
    const answer = await users.list(`after_id=0&page_size=${body.meta.total_count}`);
    expect(pageIds(answer)).toHaveLength(body.meta.total_count);
    expect(answer.headers.get('link')).toBeNull();
  });

  it('after_id goes together with a search, but not with page or sort_by', async () => {
    expect(await namesFound('after_id=0&search=under')).toEqual(['Bob', 'Carol']);
    for (const query of ['after_id=0&page=1', 'after_id=0&sort_by=id', 'after_id=0&page=2&sort_by=email']) {
      expectErrors(await app.get(`/v1/users?${query}`, { token: root.token }), 422, {
        after_id: ['is not allowed'],
      });
    }
  });

  it('an empty after_id counts as absent, and so do empty page and sort_by beside it', async () => {
    expect((await users.list('after_id=&page=1')).body.meta.page).toBe(1);
    expect((await users.list('after_id=0&page=&sort_by=')).body.meta).not.toHaveProperty('page');
  });
});
