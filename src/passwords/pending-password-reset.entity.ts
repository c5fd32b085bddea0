import { createHash, randomBytes } from 'node:crypto';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Moment } from '../shared/database/columns.js';
import { after, HOUR } from '../shared/lib/duration.js';
import { User } from '../users/index.js';

const LIFETIME_MS = HOUR;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * A password reset whose link was sent, at most one per account: a new one replaces it, and it is deleted when it is
 * used. Only the e-mail contains the token; the database has its digest.
 */
@Entity('password_resets')
@Index('password_resets_token_digest_unique', ['tokenDigest'], { unique: true })
@Index('password_resets_expires_at', ['expiresAt'])
export class PendingPasswordReset {
  @PrimaryColumn({ type: 'int', unsigned: true })
  userId: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'password_resets_user_id_fk' })
  user?: Relation<User>;

  @Column({ type: 'varchar', length: 64 })
  tokenDigest: string;

  @Moment()
  createdAt: Date;

  @Moment()
  expiresAt: Date;

  /** @returns the reset, and the token for its link: 256 random bits, URL-safe */
  static create(userId: number, now: Date): { reset: PendingPasswordReset; token: string } {
    const token = randomBytes(32).toString('base64url');
    const reset = Object.assign(new PendingPasswordReset(), {
      userId,
      tokenDigest: sha256(token),
      createdAt: now,
      expiresAt: after(now, LIFETIME_MS),
    });
    return { reset, token };
  }

  /** Null for what can't be a token. */
  static digestOf(token: unknown): string | null {
    return typeof token === 'string' && TOKEN.test(token) ? sha256(token) : null;
  }
}

/** A slow hash would add nothing: 256 random bits can't be guessed. */
function sha256(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
