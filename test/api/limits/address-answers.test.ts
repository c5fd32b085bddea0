import { afterAll, beforeAll, expect, it } from 'vitest';
import { from } from '../../support/limits.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start({
    RATE_LIMIT: 'on',
    TRUST_PROXY: '127.0.0.1',
    LIMIT_SIGN_UPS_PER_IP: '1000/1h',
    LIMIT_CODES_PER_IP: '1000/1h',
  });
});
afterAll(() => app?.stop());

it('answers that tell whether an address is taken count as email_has_account does, for the client', async () => {
  const [asking, taken] = [await app.parent(), await app.parent()];
  const ask = (email: string) =>
    app.put(`/v1/users/${asking.id}`, {
      ...from('203.0.113.9'),
      token: asking.token,
      body: { user: { email, first_name: '' } },
    });
  const statuses: number[] = [];
  for (let index = 0; index < 12; index++) {
    statuses.push((await ask(index % 2 ? taken.email : `free${index}@example.com`)).status);
  }
  expect(statuses).toEqual([...Array<number>(10).fill(422), 429, 429]);
  const check = await app.post('/v1/users/email_has_account', {
    ...from('203.0.113.9'),
    body: { email: taken.email },
  });
  expect(check.status).toBe(429);
});

it('they count for the user, from however many addresses', async () => {
  const [asking, taken] = [await app.parent(), await app.parent()];
  const statuses: number[] = [];
  for (let index = 0; index < 12; index++) {
    const answer = await app.put(`/v1/users/${asking.id}`, {
      ...from(`203.0.113.${20 + index}`),
      token: asking.token,
      body: { user: { email: taken.email } },
    });
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([...Array<number>(10).fill(422), 429, 429]);
});

it("one's own address and updates without one are not counted", async () => {
  const person = await app.parent();
  for (let index = 0; index < 15; index++) {
    const body = { user: { email: person.email, last_name: `Name${'x'.repeat(index)}` } };
    expect((await app.put(`/v1/users/${person.id}`, { token: person.token, body })).status).toBe(200);
  }
});

it('wrong codes on ten accounts an hour are a limit of the client, not ten wrong codes', async () => {
  const people = await Promise.all(Array.from({ length: 11 }, () => app.parent()));
  const enter = async (index: number) =>
    (await app.enterCode(people[index]!.id, '000001', from('203.0.113.77'))).status;
  for (let attempt = 0; attempt < 4; attempt++) expect(await enter(0)).toBe(401);
  for (let index = 1; index < 10; index++) expect(await enter(index)).toBe(401);
  expect(await enter(10)).toBe(429);
  // An account that was counted already may go on.
  expect(await enter(3)).toBe(401);
});
