import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In, LessThan, LessThanOrEqual, MoreThan } from 'typeorm';
import { DeleteExpired } from '../shared/background/clean-up.js';
import { Settings } from '../shared/config/settings.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import type { Page, PageWindow } from '../shared/http/paging.dto.js';
import { before, DAY } from '../shared/lib/duration.js';
import { Message, type MessageStatus } from './message.entity.js';
import type { NewMessage } from './outbox.js';

/** The messages of one channel that are new, or those that are retries: their delivery has failed before. */
export interface MessageClass {
  readonly channel: NewMessage['channel'];
  readonly isRetry: boolean;
}

export interface DueMessage extends MessageClass {
  readonly id: number;
}

/**
 * Every statement on the table of messages, which is also the queue. A process _claims_ a due message by a _lease_:
 * `dueAt` moves to the end of the lease, and `attempts` goes up by one. A later claim raises `attempts` again, and so
 * ends the earlier one.
 */
@Injectable()
export class MessagesRepository {
  constructor(
    private readonly db: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  async insert(message: Message): Promise<void> {
    await this.db.insert(Message, message);
  }

  /** Messages of these classes that may be claimed, longest due first. Reads nothing but an index, and locks nothing. */
  async findDue(classes: readonly MessageClass[], now: Date, limit: number): Promise<DueMessage[]> {
    const conditions = classes.map(
      ({ isRetry }, index) =>
        `message.channel = :channel${index} AND message.attempts ${isRetry ? '>' : '='} 0`,
    );
    const channels = Object.fromEntries(classes.map(({ channel }, index) => [`channel${index}`, channel]));
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
   * Claims those of the messages that are still due and that no other process is claiming now. They are found by their
   * ids alone, because a locking search would lock the gaps between them, too, and hold up the queuing of messages.
   */
  async claim(ids: number[], now: Date, leaseEnd: Date): Promise<Message[]> {
    return this.db.run(async (manager) => {
      const query = manager.createQueryBuilder(Message, 'message').where({ id: In(ids) });
      const due = (await this.db.skipLocked(query).getMany()).filter((message) => message.isDue(now));
      if (due.length === 0) return [];
      await this.db.update(
        Message,
        { id: In(due.map(({ id }) => id)) },
        { dueAt: leaseEnd, attempts: () => 'attempts + 1' },
      );
      return due.map((message) =>
        Object.assign(message, { dueAt: leaseEnd, attempts: message.attempts + 1 }),
      );
    });
  }

  /** Whether a newer message of the same kind was written to the user. */
  isSuperseded({ id, userId, kind }: Message): Promise<boolean> {
    return this.db.read((manager) => manager.existsBy(Message, { userId, kind, id: MoreThan(id) }));
  }

  /** A delivery is a fact, even after the claim has ended. @returns false where it was recorded before */
  async markSent({ id }: Message, now: Date): Promise<boolean> {
    return this.update({ id, status: 'queued' }, { status: 'sent', sentAt: now, content: null });
  }

  /** Takes a message out of the queue that is not delivered, if the claim still holds. */
  async giveUp(message: Message, status: Extract<MessageStatus, 'failed' | 'expired'>): Promise<boolean> {
    return this.update(claimOf(message), { status, content: null });
  }

  /** Ends the lease, so that the message is due again at this time, if the claim still holds. */
  async postpone(message: Message, dueAt: Date): Promise<boolean> {
    return this.update(claimOf(message), { dueAt });
  }

  /** When the oldest message was queued that is not delivered yet, by channel. */
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

  /** The messages to a user, newest first. */
  async findOfUser(userId: number, { offset, pageSize }: PageWindow): Promise<Page<Message>> {
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

  /** Messages that were written longer ago than MESSAGE_RETENTION_DAYS. */
  @DeleteExpired(Message)
  expired(now: Date): FindOptionsWhere<Message> {
    return { createdAt: LessThan(before(now, this.settings.messages.retentionDays * DAY)) };
  }

  private async update(
    where: { id: number; status: 'queued'; attempts?: number },
    changes: Partial<Pick<Message, 'status' | 'sentAt' | 'dueAt' | 'content'>>,
  ): Promise<boolean> {
    return (await this.db.update(Message, where, changes)) === 1;
  }
}

/** The condition that the message was not claimed again since. */
function claimOf({ id, attempts }: Message): { id: number; status: 'queued'; attempts: number } {
  return { id, status: 'queued', attempts };
}
