import { expect } from 'vitest';
import { someone } from './accounts.js';
import type { Answer, Client, RequestOptions } from './client.js';

export function signIn(
  api: Client,
  email: string,
  password: string,
  options: RequestOptions = {},
): Promise<Answer> {
  return api.post('/v1/sessions', { ...options, body: { email, password } });
}

/** A sign-in that fails because the address is nobody's. */
export function signInAsNobody(api: Client, options: RequestOptions = {}): Promise<Answer> {
  const { email, password } = someone();
  return signIn(api, email, password, options);
}

/** The statuses of so many requests, one after the other. */
export async function times(count: number, send: (index: number) => Promise<Answer>): Promise<number[]> {
  const statuses = [];
  for (let index = 0; index < count; index += 1) statuses.push((await send(index)).status);
  return statuses;
}

/** How often each status came back for so many requests at once. */
export async function atOnce(
  count: number,
  send: (index: number) => Promise<Answer>,
): Promise<Record<number, number>> {
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => send(index)));
  const tally: Record<number, number> = {};
  for (const { status } of answers) tally[status] = (tally[status] ?? 0) + 1;
  return tally;
}

export const all = (count: number, status: number): number[] => Array.from({ length: count }, () => status);

/** As a proxy would pass it on. */
export const from = (...chain: string[]): RequestOptions => ({
  headers: { 'X-Forwarded-For': chain.join(', ') },
});

/** 429 with the seconds to wait and nothing else that tells anything. */
export function expectRefusal(answer: Answer, maxSeconds: number, minSeconds = 1): void {
  expect(answer.status).toBe(429);
  expect(answer.body).toEqual({ errors: 'Too many requests' });
  const retryAfter = answer.headers.get('retry-after') ?? '';
  expect(retryAfter).toMatch(/^[1-9]\d*$/);
  expect(Number(retryAfter)).toBeLessThanOrEqual(maxSeconds);
  expect(Number(retryAfter)).toBeGreaterThanOrEqual(minSeconds);
  expect([...answer.headers.keys()].filter((name) => name.startsWith('ratelimit'))).toEqual([]);
  expect(answer.headers.get('x-request-id')).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
}
