import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectErrors } from '../support/expectations.js';
import { type InProcessApp, TestApp } from '../support/test-app.js';
import { orders } from './plain-validators.js';

const GOOD = {
  clinic_name: 'West',
  order_id: '0b3d1b52-8f5c-4d0e-9a52-6c0a3f1f8a11',
  sent_by: 'post',
  is_urgent: false,
  country: 'DE',
  stock_items: [{ item_code: 'MMR', amount: 1 }],
};

let app: InProcessApp;

beforeAll(async () => {
  app = await TestApp.start({}, { extensions: [orders] });
});
afterAll(() => app?.stop());

describe("class-validator's own decorators", () => {
  it('let a good body through, in camelCase, without unknown properties', async () => {
    const body = { ...GOOD, priority: null, unknown: 1, spare_part: { item_code: 'DTaP', amount: 10, x: 1 } };
    const answer = await app.post('/v1/orders', { body });
    expect([answer.status, answer.body]).toEqual([
      200,
      { ...GOOD, priority: null, spare_part: { item_code: 'DTaP', amount: 10 } },
    ]);
  });

  it('call every missing value blank and nothing else', async () => {
    const BLANK = ["can't be blank"];
    expectErrors(await app.post('/v1/orders', { body: {} }), 422, {
      clinic_name: BLANK,
      order_id: BLANK,
      sent_by: BLANK,
      is_urgent: BLANK,
      country: ['must be a country'],
      stock_items: BLANK,
    });
  });

  it.each([
    ['clinic_name', '', "can't be blank"],
    ['clinic_name', ' ', "can't be blank"],
    ['clinic_name', null, "can't be blank"],
    ['clinic_name', 'W', 'is too short (minimum is 2 characters)'],
    ['clinic_name', 'Western', 'is too long (maximum is 4 characters)'],
    ['clinic_name', 12, 'is invalid'],
    ['order_id', 'no-uuid', 'is invalid'],
    ['sent_by', 'pigeon', 'is not included in the list'],
    ['priority', 1.5, 'must be an integer'],
    ['priority', 'high', 'must be an integer'],
    ['priority', 0, 'must be greater than or equal to 1'],
    ['is_urgent', 'yes', 'is invalid'],
    ['needed_on', 'soon', 'is invalid'],
    ['country', 'Germany', 'must be a country'],
    ['stock_items', 'MMR', 'is invalid'],
    ['stock_items', ['MMR'], 'is invalid'],
    ['spare_part', 'MMR', 'is invalid'],
  ])('answer %s %j in the wording of the contract', async (field, value, message) => {
    const answer = await app.post('/v1/orders', { body: { ...GOOD, [field]: value } });
    expectErrors(answer, 422, { [field]: [message] });
  });

  it('name the innermost field of nested objects and lists', async () => {
    const bad = { ...GOOD, stock_items: [GOOD.stock_items[0], { item_code: 'AB', amount: 11 }] };
    const messages = {
      item_code: ['is too short (minimum is 3 characters)'],
      amount: ['must be less than or equal to 10'],
    };
    expectErrors(await app.post('/v1/orders', { body: bad }), 422, messages);
    const { stock_items: _, ...rest } = bad;
    const spare = { ...rest, stock_items: [], spare_part: { item_code: 'toolong', amount: 'x' } };
    expectErrors(await app.post('/v1/orders', { body: spare }), 422, {
      item_code: ['is too long (maximum is 5 characters)'],
      amount: ['must be an integer'],
    });
  });

  it('check queries, where class-transformer converts the values', async () => {
    const good = await app.get('/v1/orders?clinic_id=7&state=new');
    expect(good.body).toEqual({ clinic_id: 7, state: 'NEW' });
    expectErrors(await app.get('/v1/orders?clinic_id=x&state=lost'), 422, {
      clinic_id: ['must be an integer'],
      state: ['is not included in the list'],
    });
    expectErrors(await app.get('/v1/orders?state=new'), 422, { clinic_id: ["can't be blank"] });
  });
});

describe('a handler with @ValidatedBody', () => {
  it('adds its own errors to those of the decorators, in one answer', async () => {
    const body = { item_code: 'DTaP', amount: 0 };
    expectErrors(await app.post('/v1/orders/checked', { body }), 422, {
      item_code: ['is sold out'],
      amount: ['must be greater than or equal to 1'],
    });
  });

  it('gets the values where nothing is wrong', async () => {
    const body = { item_code: 'MMR', amount: 2 };
    expect((await app.post('/v1/orders/checked', { body })).body).toEqual(body);
  });

  it('is documented with the class of its body', async () => {
    type Post = { requestBody: { content: Record<string, { schema: object }> } };
    const { body } = await app.get<{ paths: Record<string, { post: Post }> }>('/docs/openapi.json');
    expect(body.paths['/v1/orders/checked']?.post.requestBody.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/StockItem',
    });
  });
});
