import { expect } from 'vitest';
import type { Answer } from './client.js';

export const NOT_AUTHORIZED = 'You are not authorized to perform this action.';

/** An error in the only shape that there is, with what every `/v1` answer carries. */
export function expectErrors(answer: Answer, status: number, errors: unknown): void {
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body: { errors } });
  expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
  expect(answer.headers.get('x-request-id')).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
}

/** The answer, if it has the status; what it says, if it has not. */
export function expectStatus<Body>(answer: Answer<Body>, status: number): Answer<Body> {
  if (answer.status !== status) throw new Error(`Got ${answer.status} instead of ${status}: ${answer.text}`);
  return answer;
}

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

/** What two answers that must not be told apart have to have in common. */
export function comparableHeaders({ headers }: Answer): Record<string, string> {
  const { date: _, 'x-request-id': __, ...rest } = Object.fromEntries(headers);
  return rest;
}
