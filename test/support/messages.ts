import { type NewMessage, Outbox } from '#app/messaging/index.js';
import { UnitOfWork } from '#app/shared/database/unit-of-work.js';
import type { HttpProvider, ReceivedRequest } from './providers.js';
import type { InProcessApp, TestApp } from './test-app.js';

/** Queues a message as a feature of the application does: in a unit of work. A code by SMS unless said otherwise. */
export async function queueMessage(
  { nest }: InProcessApp,
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
  await nest.get(UnitOfWork).run(() => nest.get(Outbox).add(message));
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

export function messageRows(app: TestApp, userId: number): Promise<MessageRow[]> {
  return app.sql<MessageRow>('SELECT * FROM messages WHERE user_id = ? ORDER BY id', [userId]);
}

/** Signs somebody up and forgets what that itself had sent, so that only the test's own messages count. */
export async function newUser(app: TestApp): Promise<number> {
  const { id } = await app.parent({ user: { first_name: 'John', last_name: 'Doe' }, template: true });
  await app.sql('DELETE FROM messages WHERE user_id = ?', [id]);
  return id;
}

/** A moment as the database keeps it. */
export const asStored = (moment: number): string =>
  new Date(moment).toISOString().replace('T', ' ').replace('Z', '');

/** What the receiver of the SMS webhook was asked to send to one user. */
export const requestsFor = ({ requests }: HttpProvider, userId: number): ReceivedRequest[] =>
  requests.filter(({ text }) => (JSON.parse(text) as { user_id: number }).user_id === userId);

export const acceptedFor = (receiver: HttpProvider, userId: number): ReceivedRequest[] =>
  requestsFor(receiver, userId).filter(({ reaction }) => reaction === 'accept');
