import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Moment } from '../shared/database/columns.js';
import { User } from '../users/index.js';

/**
 * A code that confirms an account while its codes go to this destination. A new one to the same destination replaces it,
 * and it is deleted when it is used.
 */
@Entity('confirmation_codes')
@Index('confirmation_codes_expires_at', ['expiresAt'])
export class ConfirmationCode {
  @PrimaryColumn({ type: 'int', unsigned: true })
  userId: number;

  /** A keyed hash of the address or number that the code went to. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  destinationDigest: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'confirmation_codes_user_id_fk' })
  user?: Relation<User>;

  @Column({ type: 'varchar', length: 32 })
  salt: string;

  @Column({ type: 'varchar', length: 64 })
  digest: string;

  /** How many codes have been compared with this one, right or wrong. */
  @Column({ type: 'int', unsigned: true })
  attempts: number;

  /** The number that the SMS guard gave to the SMS, if one was sent and counted. */
  @Column({ type: 'int', unsigned: true, nullable: true })
  smsNumber: number | null;

  @Moment()
  createdAt: Date;

  @Moment()
  expiresAt: Date;
}
