import { fromWire, toWire } from '#app/shared/lib/casing.js';
import { expect, it } from 'vitest';

it('keys leave in snake_case, at any depth', () => {
  expect(toWire({ firstName: 'John', meta: { totalCount: 1 }, users: [{ lastSignInAt: null }] })).toEqual({
    first_name: 'John',
    meta: { total_count: 1 },
    users: [{ last_sign_in_at: null }],
  });
});

it('keys arrive in camelCase, at any depth', () => {
  expect(fromWire({ first_name: 'John', user: { date_of_birth: null }, list: [{ a_b: 1 }] })).toEqual({
    firstName: 'John',
    user: { dateOfBirth: null },
    list: [{ aB: 1 }],
  });
});

it.each(['firstName', 'First_name', 'first_Name'])('the key %s is no snake_case and is left out', (key) => {
  expect(fromWire({ [key]: 'x', a: 1 })).toEqual({ a: 1 });
});

it.each(['constructor', 'to_string', 'has_own_property'])('the key %s of every object is left out', (key) => {
  const read = fromWire(JSON.parse(`{"${key}": {"isAdmin": true}, "a": 1}`)) as object;
  expect(Object.entries(read)).toEqual([['a', 1]]);
});

it('the key __proto__ does not reach the prototype', () => {
  const read = fromWire(JSON.parse('{"__proto__": {"is_admin": true}}')) as object;
  expect(read).not.toHaveProperty('isAdmin');
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
});

it('dates and plain values stay as they are on the way out', () => {
  const moment = new Date('2026-03-04T05:06:07.089Z');
  expect(toWire({ createdAt: moment })).toEqual({ created_at: moment });
  for (const value of ['firstName', 1, true, null, undefined]) expect(toWire(value)).toBe(value);
});

it('plain values stay as they are on the way in', () => {
  for (const value of ['first_name', 1, true, null, undefined]) expect(fromWire(value)).toBe(value);
  expect(fromWire(['first_name'])).toEqual(['first_name']);
});
