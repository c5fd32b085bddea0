import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectErrors } from '../../support/expectations.js';
import { type InProcessApp, TestApp } from '../../support/test-app.js';

const CODE = '482913';

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start({ TEMPLATE_CODE: CODE, RATE_LIMIT: 'on' });
});
afterAll(() => app?.stop());

it.each([
  ['482 913'],
  ['482-913'],
  ['482\u2011913'],
  ['\u200e482913\n'],
  ['４８２９１３'],
  ['٤٨٢٩١٣'],
  [' 4 8 2 9 1 3 '],
])('the code typed or pasted as %j confirms', async (written) => {
  const { id } = await app.parent({ template: true });
  expect((await app.enterCode(id, written)).body).toMatchObject({ verified: true });
});

it('a code of which nothing is left is blank', async () => {
  const { id } = await app.parent({ template: true });
  for (const blank of ['', ' - ', '\u200b']) {
    expectErrors(await app.enterCode(id, blank), 422, { confirmation_code: ["can't be blank"] });
  }
});

it('what is not six digits counts towards no attempt and no limit', async () => {
  const { id } = await app.parent({ template: true });
  for (let attempt = 0; attempt < 30; attempt++) {
    expectErrors(await app.enterCode(id, attempt % 2 ? '48291' : 'abcdef'), 401, 'Invalid Code');
  }
  expect((await app.enterCode(id, CODE)).status).toBe(200);
});
