import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { Role } from '../shared/access/index.js';
import { Moment } from '../shared/database/columns.js';

/** The characters of an HMAC-SHA-256 in base64url. */
const MAC_LENGTH = 43;

/**
 * Who did or read what. There is no key to the table of accounts: the log outlives them and keeps only their ids. Rows
 * are written once; only `position` and `seal` are filled in later, when the event becomes a link of the chain.
 */
@Entity('audit_events')
@Index('audit_events_position', ['position'])
@Index('audit_events_created_at', ['createdAt'])
@Index('audit_events_actor_id', ['actorId', 'createdAt'])
@Index('audit_events_user_id', ['userId', 'createdAt'])
@Index('audit_events_action', ['action', 'createdAt'])
export class AuditEvent {
  @PrimaryGeneratedColumn({ unsigned: true })
  id: number;

  @Moment()
  createdAt: Date;

  @Column({ type: 'varchar', length: 64 })
  action: string;

  @Column({ type: 'int', unsigned: true, nullable: true })
  actorId: number | null;

  /** The actor's role at the time. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  actorRole: Role | null;

  /** The account that it is about; null where there is none or several. */
  @Column({ type: 'int', unsigned: true, nullable: true })
  userId: number | null;

  @Column({ type: 'varchar', length: 45, nullable: true })
  ip: string | null;

  @Column({ type: 'varchar', length: 128, nullable: true })
  requestId: string | null;

  /** `X-Access-Reason` of the request. */
  @Column({ type: 'varchar', length: 200, nullable: true })
  reason: string | null;

  /** How many people a search counted that named none of them; else null. */
  @Column({ type: 'int', unsigned: true, nullable: true })
  counted: number | null;

  /** A keyed hash of what that search was for. */
  @Column({ type: 'varchar', length: MAC_LENGTH, nullable: true })
  searchHash: string | null;

  /** Who wrote it, and its number among the events of this writer: see `EventWriters`. Null before there were any. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  writer: string | null;

  @Column({ type: 'int', unsigned: true, nullable: true })
  writerNumber: number | null;

  /** An HMAC over all of the above but the id, and over `userIds`: from then on an alteration is found. */
  @Column({ type: 'varchar', length: MAC_LENGTH })
  digest: string;

  /** Its position in the hash chain (see `AuditSeals`), from 1 without gaps; null until it is sealed. */
  @Column({ type: 'int', unsigned: true, nullable: true })
  position: number | null;

  /** An HMAC over the seal before, the position, the id and the digest. */
  @Column({ type: 'varchar', length: MAC_LENGTH, nullable: true })
  seal: string | null;

  /** The accounts of an event about several, in ascending order; else null. They have a table of their own. */
  userIds: number[] | null;
}

/** One of the accounts of an event about several. */
@Entity('audit_event_users')
@Index('audit_event_users_user_id', ['userId', 'eventId'])
export class AuditEventUser {
  @PrimaryColumn({ type: 'int', unsigned: true })
  eventId: number;

  @PrimaryColumn({ type: 'int', unsigned: true })
  userId: number;

  @ManyToOne(() => AuditEvent, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'event_id', foreignKeyConstraintName: 'audit_event_users_event_id_fk' })
  event?: AuditEvent;
}

/** Both ends of the chain, in one row: how far it is sealed, and how far retention has removed it. */
@Entity('audit_chain')
export class ChainHead {
  @PrimaryColumn({ type: 'int', unsigned: true })
  id: number;

  /** Of the newest link; 0 before the first. */
  @Column({ type: 'int', unsigned: true })
  position: number;

  @Column({ type: 'varchar', length: MAC_LENGTH })
  seal: string;

  /** Of the last link that retention has removed; 0 before the first. */
  @Column({ type: 'int', unsigned: true })
  removedPosition: number;

  @Column({ type: 'varchar', length: MAC_LENGTH })
  removedSeal: string;

  /** An HMAC over the four above; null as long as nothing has been sealed. */
  @Column({ type: 'varchar', length: MAC_LENGTH, nullable: true })
  mac: string | null;
}
