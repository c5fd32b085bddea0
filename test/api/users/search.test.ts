import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus } from '../../support/expectations.js';
import type { Person } from '../../support/people.js';
import { TestApp } from '../../support/test-app.js';

let app: TestApp;
let root: Person;

const PEOPLE = [
  { first_name: 'Łukasz', last_name: 'Groß', email: 'lg@lodz.example', phone: '+49 30 901820' },
  { first_name: 'Øyvind', last_name: 'Ærø', email: 'oa@oslo.example', phone: '+47 21 23 45 67' },
  { first_name: 'Đặng', last_name: 'Işık', email: 'di@hanoi.example', phone: '+1 202 456 1414' },
  { first_name: 'İpek', last_name: 'Þórðarson', email: 'ip@izmir.example', phone: '+39 06 698 12345' },
  { first_name: 'Anna-Maria', last_name: "O'Neil Smith", email: 'anna.maria@clinic.example' },
  { first_name: 'Jean–Luc', last_name: 'D’Arcy', email: "jl.d'arcy@clinic.example" },
  { first_name: 'Per', last_name: '(Max) Ħal_f', email: 'per-max@fjord.example' },
  { first_name: 'Mike 3rd', last_name: 'Tŋ', email: '4711@numbers.example' },
  { first_name: '李', last_name: '小龍', email: 'li@xn--bcher-kva.example' },
];

beforeAll(async () => {
  app = await TestApp.start();
  for (const user of PEOPLE) await app.parent({ user });
  root = await app.firstAdmin();
});
afterAll(() => app?.stop());

async function found(search: string, query = ''): Promise<string[]> {
  const path = `/v1/users?search=${encodeURIComponent(search)}&role=parent${query}`;
  const { body } = expectStatus(await app.get(path, { token: root.token }), 200);
  expect(body.meta.total_count).toBe(body.users.length);
  return body.users.map((user: { first_name: string }) => user.first_name);
}

describe('a search finds', () => {
  it.each<[string, string[]]>([
    // Letters that do not decompose.
    ['lukasz', ['Łukasz']],
    ['ŁUKASZ', ['Łukasz']],
    ['gross', ['Łukasz']],
    ['GROẞ', ['Łukasz']],
    ['oyvind', ['Øyvind']],
    ['aero', ['Øyvind']],
    ['dang isik', ['Đặng']],
    ['DANG', ['Đặng']],
    ['ıSıK', ['Đặng']],
    ['ipek thordarson', ['İpek']],
    ['hal_f', ['Per']],
    ['tn', ['Mike 3rd']],
    // Words in any order, each a beginning.
    ['smith anna', ['Anna-Maria']],
    ['ann smi one', ['Anna-Maria']],
    ['Smith, Anna', ['Anna-Maria']],
    ['smith;anna', ['Anna-Maria']],
    ['maria', ['Anna-Maria']],
    ['anna smith jones', []],
    ['nna', []],
    ['anna anna', ['Anna-Maria']],
    // Apostrophes are left out and dashes are spaces, whichever they are.
    ["o'neil", ['Anna-Maria']],
    ['o’neil', ['Anna-Maria']],
    ['oneil', ['Anna-Maria']],
    ['oʼneil', ['Anna-Maria']],
    ['o neil', []],
    ['anna maria', ['Anna-Maria']],
    ['anna‑maria', ['Anna-Maria']],
    ['annamaria', []],
    ['jean-luc', ['Jean–Luc']],
    ['darcy jean', ['Jean–Luc']],
    // E-mail addresses: whole, or what stands before or after the @.
    ['anna.maria@clinic.example', ['Anna-Maria']],
    ['ANNA.MARIA@', ['Anna-Maria']],
    ['clinic.example', ['Anna-Maria', 'Jean–Luc']],
    ['clinic smith', ['Anna-Maria']],
    ['per-max@fjord', ['Per']],
    ['per-max', ['Per']],
    ['max@fjord', []],
    ["jl.d'arcy@", ['Jean–Luc']],
    ['bücher.example', ['李']],
    ['li@bücher.example', ['李']],
    ['example', []],
    // Other characters are themselves.
    ['(max', ['Per']],
    ['max', []],
    ['%', []],
    ['_', []],
    ['hal%f', []],
    ['h_l', []],
    ['!', []],
    ['\\', []],
    ['小', ['李']],
    ['李 小龍', ['李']],
    ['3rd mike', ['Mike 3rd']],
    ['4711', ['Mike 3rd']],
  ])('%s', async (search, names) => {
    expect(await found(search)).toEqual(names);
  });
});

describe('a search by number finds', () => {
  it.each<[string, string[]]>([
    ['+4930', ['Łukasz']],
    ['004930', ['Łukasz']],
    ['4930', ['Łukasz']],
    ['030 90', ['Łukasz']],
    ['30 90', ['Łukasz']],
    ['(030) 90-18/20', ['Łukasz']],
    ['+49 (0)30 901820', ['Łukasz']],
    ['+49 30 901820 gross', ['Łukasz']],
    ['+49 30 901820 smith', []],
    ['٠٣٠٩٠', ['Łukasz']],
    ['＋４９３０', ['Łukasz']],
    ['0 901820', ['Łukasz']],
    ['901820', ['Łukasz']],
    ['01820', []],
    ['(202) 456', ['Đặng']],
    ['1 202', ['Đặng']],
    ['561414', ['Đặng']],
    ['+561414', []],
    ['61414', []],
    ['0202456', ['Đặng']],
    ['06 698', ['İpek']],
    ['6 698', []],
    ['+', []],
    ['00', []],
  ])('%s', async (search, names) => {
    expect(await found(search)).toEqual(names);
  });
});

describe('a search', () => {
  it('of white space alone is none', async () => {
    for (const blank of ['', ' ', '\u00a0\u2003', '\u200b\ufeff'])
      expect(await found(blank)).toHaveLength(PEOPLE.length);
  });

  it('that folds to nothing finds nobody, and adds nothing to words beside it', async () => {
    for (const nothing of ["'", '’', '-', '– –', '\u0301', ',', "' , -"]) {
      expect(await found(nothing)).toEqual([]);
      expect(await found(`smith ${nothing}`)).toEqual(['Anna-Maria']);
    }
    expect(await found('%')).toEqual([]);
  });

  it('of any number of words is answered', async () => {
    const letters = Array.from({ length: 120 }, (_, index) => String.fromCodePoint(0x4e00 + index));
    expect(await found(letters.join(' '))).toEqual([]);
    expect(await found(letters.join('-'))).toEqual([]);
    expect(await found('8-9 '.repeat(60))).toEqual([]);
    const words = Array.from({ length: 40 }, (_, index) => String.fromCodePoint(0x5e00 + index));
    const name = { first_name: words.slice(0, 20).join(' '), last_name: words.slice(20).join('-') };
    await app.parent({ user: name });
    expect(await found(words.toReversed().join(' '))).toEqual([name.first_name]);
    expect(await found([...words, 'smith'].join(' '))).toEqual([]);
  });

  it('finds an account by what it is now, and no longer by what it was', async () => {
    const person = await app.parent({ user: { first_name: 'Before', phone: '+44 20 7946 0958' } });
    const changes = { first_name: 'Afterwards', phone: '+44 20 7946 0000' };
    expectStatus(
      await app.put(`/v1/users/${person.id}`, { token: person.token, body: { user: changes } }),
      200,
    );
    expect(await found('before')).toEqual([]);
    expect(await found('020 7946 0958')).toEqual([]);
    expect(await found('afterw')).toEqual(['Afterwards']);
    expect(await found('020 7946 0000')).toEqual(['Afterwards']);
    expectStatus(await app.delete(`/v1/users/${person.id}`, { token: root.token }), 204);
    expect(await app.sql('SELECT * FROM user_search_terms WHERE user_id = ?', [person.id])).toEqual([]);
  });

  it('shows a clinician parents, a parent oneself', async () => {
    const clinician = await app.clinician({ user: { last_name: 'Zzyzx' } });
    const parent = await app.parent({ user: { last_name: 'Zzyzx' } });
    await app.sql("UPDATE users SET role = 'admin' WHERE id = ?", [clinician.id]);
    const hidden = await app.clinician({ user: { last_name: 'Zzyzx' } });
    const seen = async (token: string) => {
      const { body } = await app.get('/v1/users?search=zzyzx', { token });
      return body.users.map(({ id }: Person) => id);
    };
    expect(await seen(hidden.token)).toEqual([parent.id, hidden.id]);
    expect(await seen(parent.token)).toEqual([parent.id]);
  });
});

describe('the order by last name', () => {
  it('puts letters that do not decompose where people look for them, equal names by id', async () => {
    const names = [
      'Lutz',
      'Łutz',
      'lutz',
      'Luz',
      'Groß',
      'Grosse',
      'Ødegård',
      'Odegard',
      'Zorn',
      'Đinh',
      'Dinh',
    ];
    const people: Person[] = [];
    for (const last_name of names)
      people.push(await app.parent({ user: { first_name: 'Sorted', last_name } }));
    const list = async (direction: string): Promise<string[]> => {
      const path = `/v1/users?search=sorted&sort_by=last_name&sort_dir=${direction}`;
      const { body } = await app.get(path, { token: root.token });
      return body.users.map((user: { last_name: string }) => user.last_name);
    };
    const sorted = [
      'Đinh',
      'Dinh',
      'Groß',
      'Grosse',
      'Lutz',
      'Łutz',
      'lutz',
      'Luz',
      'Ødegård',
      'Odegard',
      'Zorn',
    ];
    expect(await list('asc')).toEqual(sorted);
    expect(await list('desc')).toEqual(sorted.toReversed());
  });
});
