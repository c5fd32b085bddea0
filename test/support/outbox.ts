import { Outbox, type NewMessage } from '#app/messaging/index.js';
import { expectStatus } from './expectations.js';
import type { Person } from './people.js';
import type { InProcessApp } from './test-app.js';

/** The messages of an application in this process, as they are queued: what is in them is nowhere else to be read. */
export interface RecordedOutbox {
  readonly messages: readonly NewMessage[];
  /** Those to one person, oldest first. */
  to(userId: number): NewMessage[];
  /** The code that a person was sent last. */
  code(userId: number): string;
  /** The token of the link that a person was sent last. */
  token(userId: number): string;
  /** Asks for a reset and takes the token out of the link. */
  resetToken(person: Pick<Person, 'id' | 'email'>): Promise<string>;
}

export function recordOutbox(app: InProcessApp): RecordedOutbox {
  const outbox = app.nest.get(Outbox, { strict: false });
  const add = outbox.add.bind(outbox);
  const messages: NewMessage[] = [];
  outbox.add = async (message) => {
    await add(message);
    messages.push(message);
  };
  const to = (userId: number) => messages.filter((message) => message.userId === userId);
  const value = (userId: number, kind: NewMessage['kind'], name: string): string => {
    const found = to(userId).findLast((message) => message.kind === kind)?.values[name];
    if (found === undefined) throw new Error(`User ${userId} was sent no ${kind}`);
    return found;
  };
  const recorded: RecordedOutbox = {
    messages,
    to,
    code: (userId) => value(userId, 'confirmation', 'code'),
    token: (userId) => new URL(value(userId, 'password_reset', 'link')).searchParams.get('token')!,
    async resetToken({ id, email }) {
      expectStatus(await app.requestReset(email), 202);
      return recorded.token(id);
    },
  };
  return recorded;
}

/** Six digits that are not these. */
export function otherThan(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}
