import { randomUUID } from 'node:crypto';
import type { Answer, RequestOptions } from './client.js';
import { expectStatus } from './expectations.js';
import type { TestApp } from './test-app.js';

export interface AuditEvent {
  id: number;
  created_at: string;
  action: string;
  actor_id: number | null;
  user_id: number | null;
  user_ids: number[] | null;
  ip: string | null;
  request_id: string | null;
  reason: string | null;
}

/** The audit log as an administrator reads it, newest first. */
export interface AuditLog {
  events(query?: string): Promise<AuditEvent[]>;
  actions(query?: string): Promise<string[]>;
  /** The events of one request, oldest first, found by the id that it is given. */
  eventsOf(act: (options: RequestOptions) => Promise<Answer>): Promise<[Answer, AuditEvent[]]>;
}

export function auditLog(app: TestApp): AuditLog {
  const log: AuditLog = {
    async events(query = '') {
      const answer = await app.asAdmin('GET', `/v1/audit_events?page_size=200&${query}`);
      return (expectStatus(answer, 200).body as { audit_events: AuditEvent[] }).audit_events;
    },
    actions: async (query) => (await log.events(query)).map(({ action }) => action),
    async eventsOf(act) {
      const id = `test-${randomUUID()}`;
      const answer = await act({ headers: { 'X-Request-Id': id } });
      const found = (await log.events()).filter(({ request_id: requestId }) => requestId === id);
      return [answer, found.toReversed()];
    },
  };
  return log;
}
