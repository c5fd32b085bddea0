import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Moment } from '../shared/database/columns.js';
import { after, before } from '../shared/lib/duration.js';
import { User } from '../users/index.js';
import { lifetimeOf, type SessionHolder } from './session-lifetime.js';

/** A session. Only the client has its token; the database has the token's SHA-256. */
@Entity('sessions')
@Index('sessions_token_digest_unique', ['tokenDigest'], { unique: true })
@Index('sessions_user_id', ['userId'])
@Index('sessions_last_seen_at', ['lastSeenAt'])
export class Session {
  @PrimaryGeneratedColumn({ unsigned: true })
  id: number;

  @Column({ type: 'int', unsigned: true })
  userId: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'sessions_user_id_fk' })
  user?: Relation<User>;

  @Column({ type: 'varchar', length: 64 })
  tokenDigest: string;

  @Moment()
  createdAt: Date;

  /** Accurate to the minute: it is written at most once a minute. */
  @Moment()
  lastSeenAt: Date;

  @Column({ type: 'varchar', length: 45 })
  ip: string;

  @Column({ type: 'varchar', length: 255, nullable: true })
  userAgent: string | null;

  /** When it ends at the latest, according to what its user is now. */
  expiresAt(user: SessionHolder): Date {
    return after(this.createdAt, lifetimeOf(user).absolute);
  }

  isExpired(user: SessionHolder, now: Date): boolean {
    return this.expiresAt(user) <= now || this.lastSeenAt <= before(now, lifetimeOf(user).idle);
  }
}
