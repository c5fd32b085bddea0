import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type NewMessage, Outbox } from '#app/messaging/index.js';
import { UnitOfWork } from '#app/shared/database/unit-of-work.js';
import { sql } from './database.js';
import type { Client } from './client.js';

/** Queues a message as a feature of the application does: in a unit of work. A code by SMS unless said otherwise. */
export async function queueMessage(
  app: NestFastifyApplication,
  details: Partial<NewMessage> & { userId: number },
): Promise<void> {
  const message: NewMessage = {
    kind: 'confirmation',
    channel: 'sms',
    destination: '+15551234567',
    language: 'en',
    values: { firstName: 'John', code: '123456', link: 'https://app.example.org/reset?token=t0k3n' },
    expiresAt: new Date(Date.now() + 600_000),
    suppressed: false,
    nativeSignup: false,
    ...details,
  };
  await app.get(UnitOfWork).run(() => app.get(Outbox).add(message));
}

/** A row of the table, as it is stored. */
export interface MessageRow {
  id: number;
  public_id: string;
  user_id: number;
  kind: string;
  channel: string;
  status: string;
  destination: string;
  content: Buffer | null;
  attempts: number;
  due_at: string;
  sent_at: string | null;
}

export async function messageRows(url: string, userId: number): Promise<MessageRow[]> {
  return sql<MessageRow>(url, 'SELECT * FROM messages WHERE user_id = ? ORDER BY id', [userId]);
}

let people = 0;

/** Signs somebody up and forgets what that itself had sent, so that only the test's own messages count. */
export async function newUser(client: Client, url: string): Promise<number> {
  people += 1;
  const { status, body } = await client.post('/v1/users', {
    body: {
      user: {
        email: `person${people}@example.com`,
        password: 'securepassword123',
        first_name: 'John',
        last_name: 'Doe',
      },
      template: true,
    },
  });
  if (status !== 201) throw new Error(`The sign-up was answered ${status}: ${JSON.stringify(body)}`);
  await sql(url, 'DELETE FROM messages WHERE user_id = ?', [body.id]);
  return body.id as number;
}

/** A token of the administrator whom the environment below makes. */
export async function adminToken(client: Client): Promise<string> {
  const { body } = await client.post('/v1/sessions', {
    body: { email: ADMIN.ADMIN_EMAIL, password: ADMIN.ADMIN_PASSWORD },
  });
  return body.token as string;
}

export const ADMIN = { ADMIN_EMAIL: 'admin@example.org', ADMIN_PASSWORD: 'the admin of the tests' };
