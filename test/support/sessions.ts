import { expectStatus } from './expectations.js';
import type { TestApp } from './test-app.js';

export interface ListedSession {
  id: number;
  current: boolean;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  ip: string;
  user_agent: string | null;
}

/** The sessions of the person to whom the token belongs. */
export const sessionsOf = async (app: TestApp, token: string): Promise<ListedSession[]> =>
  expectStatus(await app.get('/v1/sessions', { token }), 200).body.sessions;
