import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Moment } from '../shared/database/columns.js';
import { after, before } from '../shared/lib/duration.js';
import { User } from '../users/index.js';
import { lifetimeOf, type SessionHolder } from './session-lifetime.js';

/** A sign-in that lasts. Its token is known to the client alone; here is only the token's SHA-256. */
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

  /** To the minute: it is written at most once in one. */
  @Moment()
  lastSeenAt: Date;

  @Column({ type: 'varchar', length: 45 })
  ip: string;

  @Column({ type: 'varchar', length: 255, nullable: true })
  userAgent: string | null;

  /** When it ends at the latest, by what its user is now. */
  expiresAt(user: SessionHolder): Date {
    return after(this.createdAt, lifetimeOf(user).absolute);
  }

  isExpired(user: SessionHolder, now: Date): boolean {
    return this.expiresAt(user) <= now || this.lastSeenAt <= before(now, lifetimeOf(user).idle);
  }
}
