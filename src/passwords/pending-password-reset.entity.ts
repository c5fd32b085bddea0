import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Moment } from '../shared/database/columns.js';
import { User } from '../users/index.js';

/** The one link that an account's password can be reset with. The next one takes its place; a used one is gone. */
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
}
