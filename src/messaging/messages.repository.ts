import { Injectable } from '@nestjs/common';
import { In, LessThanOrEqual, MoreThan } from 'typeorm';
import { skipLocked } from '../shared/database/skip-locked.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import type { Page, PageWindow } from '../shared/http/paging.dto.js';
import { Message, type MessageStatus } from './message.entity.js';
import type { NewMessage } from './outbox.js';

/** Some of the queued messages: those of one channel that are new, or that have been tried before. */
export interface QueuePart {
  readonly channel: NewMessage['channel'];
  readonly isRetry: boolean;
}

export interface DueMessage extends QueuePart {
  readonly id: number;
}

/** Every statement on the table of messages. */
@Injectable()
export class MessagesRepository {
  constructor(private readonly db: UnitOfWork) {}

  async insert(message: Message): Promise<void> {
    await this.db.run(async (manager) => {
      const { id: _, user: __, ...columns } = message;
      const { identifiers } = await manager.insert(Message, columns);
      message.id = (identifiers[0] as { id: number }).id;
    });
  }

  /** What may be claimed in these parts of the queue, longest due first. Reads nothing but an index, and locks nothing. */
  async due(parts: readonly QueuePart[], now: Date, limit: number): Promise<DueMessage[]> {
    const conditions = parts.map(
      ({ isRetry }, index) =>
        `message.channel = :channel${index} AND message.attempts ${isRetry ? '>' : '='} 0`,
    );
    const channels = Object.fromEntries(parts.map(({ channel }, index) => [`channel${index}`, channel]));
    const rows = await this.db.read((manager) =>
      manager
        .createQueryBuilder(Message, 'message')
        .select(['message.id', 'message.channel', 'message.attempts'])
        .where({ status: 'queued', dueAt: LessThanOrEqual(now) })
        .andWhere(`(${conditions.join(' OR ')})`, channels)
        .orderBy('message.dueAt')
        .limit(limit)
        .getMany(),
    );
    return rows.map(({ id, channel, attempts }) => ({ id, channel, isRetry: attempts > 0 }));
  }

  /**
   * Claims those of the messages that are still due and that nobody else is just claiming: until `leaseEnd` they are the
   * caller's. They are found by their ids alone, because a locking search would lock the gaps between them, too, and
   * with them whoever wants to queue a message.
   */
  async claim(ids: number[], now: Date, leaseEnd: Date): Promise<Message[]> {
    return this.db.run(async (manager) => {
      const query = manager.createQueryBuilder(Message, 'message').where({ id: In(ids) });
      const due = (await skipLocked(this.db, query).getMany()).filter(
        (message) => message.status === 'queued' && message.dueAt <= now,
      );
      if (due.length === 0) return [];
      const claimed = due.map(({ id }) => id);
      await manager.update(Message, { id: In(claimed) }, { dueAt: leaseEnd, attempts: () => 'attempts + 1' });
      return due.map((message) =>
        Object.assign(message, { dueAt: leaseEnd, attempts: message.attempts + 1 }),
      );
    });
  }

  /** Whether the user has been written a newer message of the same kind. */
  isSuperseded({ id, userId, kind }: Message): Promise<boolean> {
    return this.db.read((manager) => manager.existsBy(Message, { userId, kind, id: MoreThan(id) }));
  }

  /** A delivery is a fact, whoever holds the claim by now. Returns whether this was news. */
  async markSent({ id }: Message, now: Date): Promise<boolean> {
    return this.update({ id, status: 'queued' }, { status: 'sent', sentAt: now, content: null });
  }

  /** Ends a message that is not delivered, if the claim is still the caller's. */
  async giveUp(message: Message, status: Extract<MessageStatus, 'failed' | 'expired'>): Promise<boolean> {
    return this.update(claimOf(message), { status, content: null });
  }

  /** Puts a message back for later, if the claim is still the caller's. */
  async postpone(message: Message, dueAt: Date): Promise<boolean> {
    return this.update(claimOf(message), { dueAt });
  }

  /** When the oldest message was queued that still waits, by channel. */
  async oldestQueued(): Promise<Map<NewMessage['channel'], Date>> {
    const rows = await this.db.read((manager) =>
      manager
        .createQueryBuilder(Message, 'message')
        .select('message.channel', 'channel')
        .addSelect('MIN(message.id)', 'id')
        .where({ status: 'queued' })
        .groupBy('message.channel')
        .getRawMany<{ channel: NewMessage['channel']; id: number }>(),
    );
    if (rows.length === 0) return new Map();
    const oldest = await this.db.read((manager) =>
      manager.find(Message, {
        where: { id: In(rows.map(({ id }) => id)) },
        select: { channel: true, createdAt: true },
      }),
    );
    return new Map(oldest.map(({ channel, createdAt }) => [channel, createdAt]));
  }

  /** What a user was sent, newest first. */
  async ofUser(userId: number, { offset, pageSize }: PageWindow): Promise<Page<Message>> {
    return this.db.read(async (manager) => {
      const totalCount = await manager.countBy(Message, { userId });
      if (offset >= totalCount) return { items: [], totalCount };
      const items = await manager.find(Message, {
        where: { userId },
        order: { id: 'DESC' },
        skip: offset,
        take: pageSize,
      });
      return { items, totalCount };
    });
  }

  private async update(
    where: { id: number; status: 'queued'; attempts?: number },
    changes: Partial<Pick<Message, 'status' | 'sentAt' | 'dueAt' | 'content'>>,
  ): Promise<boolean> {
    const { affected } = await this.db.run((manager) => manager.update(Message, where, changes));
    return affected === 1;
  }
}

function claimOf({ id, attempts }: Message): { id: number; status: 'queued'; attempts: number } {
  return { id, status: 'queued', attempts };
}
