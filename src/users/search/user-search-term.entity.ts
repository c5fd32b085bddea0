import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { User } from '../user.entity.js';

/** In characters. The longest is a whole e-mail address; what is longer is cut, in the table and in a search alike. */
export const TERM_LENGTH = 254;

/** Something that a search may begin with to find an account (docs/decisions/0013-search-terms.md). */
@Entity('user_search_terms')
@Index('user_search_terms_user_id', ['userId', 'term'])
export class UserSearchTerm {
  @PrimaryColumn({ type: 'varchar', length: TERM_LENGTH })
  term: string;

  @PrimaryColumn({ type: 'int', unsigned: true })
  userId: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'user_search_terms_user_id_fk' })
  user?: User;
}
