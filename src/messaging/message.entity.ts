import { randomBytes } from 'node:crypto';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Moment } from '../shared/database/columns.js';
import { maskDestination } from './destination-mask.js';
import type { MessageKind, NewMessage } from './outbox.js';

/**
 * `failed` and `expired` are what other queues call dead letters: refused by the provider, and of no use any more before
 * it could be delivered. `suppressed`: for a template user, or withheld by the SMS guard.
 */
export const MESSAGE_STATUSES = ['queued', 'sent', 'failed', 'expired', 'suppressed'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** A message to one person and what became of it. */
@Entity('messages')
@Index('messages_public_id_unique', ['publicId'], { unique: true })
@Index('messages_user_id', ['userId'])
@Index('messages_created_at', ['createdAt'])
@Index('messages_queue', ['status', 'dueAt', 'channel', 'attempts'])
export class Message {
  @PrimaryGeneratedColumn({ unsigned: true })
  id: number;

  /** Random, and the same in every attempt: providers, logs and support know the message by it. */
  @Column({ type: 'varchar', length: 32 })
  publicId: string;

  @Column({ type: 'int', unsigned: true })
  userId: number;

  /** Named by a text, because messaging knows nothing of accounts but that messages go with them. */
  @ManyToOne('User', { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'messages_user_id_fk' })
  user?: unknown;

  @Column({ type: 'varchar', length: 32 })
  kind: MessageKind;

  @Column({ type: 'varchar', length: 16 })
  channel: NewMessage['channel'];

  @Column({ type: 'varchar', length: 16 })
  status: MessageStatus;

  /** Masked. The full one is in the content. */
  @Column({ type: 'varchar', length: 260 })
  destination: string;

  /** Encrypted (`ContentCipher`); gone as soon as there is nothing more to deliver. */
  @Column({ type: 'blob', nullable: true })
  content: Buffer | null;

  /** How often it was claimed. Each claim raises it, which ends the claim before. */
  @Column({ type: 'int', unsigned: true })
  attempts: number;

  @Moment()
  createdAt: Date;

  /** When it may be claimed: at once, after the back-off of a failed attempt, or when the lease of a claim runs out. */
  @Moment()
  dueAt: Date;

  /** From then on the message is of no use. */
  @Moment()
  expiresAt: Date;

  @Moment({ nullable: true })
  sentAt: Date | null;

  /** A new message, without its content yet. */
  static from(message: NewMessage, now: Date): Message {
    return Object.assign(new Message(), {
      publicId: `msg_${randomBytes(16).toString('base64url')}`,
      userId: message.userId,
      kind: message.kind,
      channel: message.channel,
      status: message.suppressed ? ('suppressed' as const) : ('queued' as const),
      destination: maskDestination(message.destination),
      content: null,
      attempts: 0,
      createdAt: now,
      dueAt: now,
      expiresAt: message.expiresAt,
      sentAt: null,
    });
  }

  isDue(now: Date): boolean {
    return this.status === 'queued' && this.dueAt <= now;
  }

  isExpired(now: Date): boolean {
    return this.expiresAt <= now;
  }
}
