import type { Answer } from './client.js';
import { SECOND } from './durations.js';
import { expectStatus } from './expectations.js';
import type { Person } from './people.js';
import type { InProcessApp } from './test-app.js';

/** Names, addresses and numbers that sorting and searching could get wrong. */
export const LISTED_PEOPLE = [
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

export interface UserList {
  /** The administrator who lists. */
  readonly root: Person;
  /** The ids of LISTED_PEOPLE by first name. */
  readonly ids: ReadonlyMap<string, number>;
  list(query?: string, reader?: Person): Promise<Answer>;
  /** What a link leads to. */
  follow(link: string): Promise<Answer>;
}

/** Signs LISTED_PEOPLE up, a second apart. */
export async function listUsers(app: InProcessApp): Promise<UserList> {
  const ids = new Map<string, number>();
  for (const user of LISTED_PEOPLE) {
    app.clock.forward(SECOND);
    ids.set(user.first_name, (await app.parent({ user })).id);
  }
  const root = await app.firstAdmin();
  return {
    root,
    ids,
    list: async (query = '', { token } = root) =>
      expectStatus(await app.get(`/v1/users?${query}`, { token }), 200),
    follow: (link) => app.get(link, { token: root.token }),
  };
}

export const pageIds = ({ body }: Answer): number[] => body.users.map(({ id }: Person) => id);

/** `rel` -> path and query. */
export function links({ headers }: Answer): Record<string, string> {
  const entries = [...(headers.get('link') ?? '').matchAll(/<([^>]*)>; *rel="([^"]*)"/g)];
  return Object.fromEntries(entries.map(([, target, rel]) => [rel!, target!]));
}
