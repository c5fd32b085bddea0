import type { Answer, RequestOptions } from './client.js';
import { someone } from './people.js';
import type { TestApp } from './test-app.js';

/** A sign-in that fails because the address is nobody's. */
export function signInAsNobody(app: TestApp, options: RequestOptions = {}): Promise<Answer> {
  const { email, password } = someone();
  return app.trySignIn(email, password, options);
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
