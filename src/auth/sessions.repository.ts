import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In, LessThan, Not } from 'typeorm';
import { DeleteExpired } from '../shared/background/clean-up.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { before } from '../shared/lib/duration.js';
import { LONGEST_LIFETIME } from './session-lifetime.js';
import { Session } from './session.entity.js';

/** Every statement on the table of sessions. */
@Injectable()
export class SessionsRepository {
  constructor(private readonly db: UnitOfWork) {}

  /** The session of a token together with what the request must know of its user: one read by one unique index. */
  findWithUser(tokenDigest: string): Promise<Session | null> {
    return this.db.read((manager) =>
      manager
        .createQueryBuilder(Session, 'session')
        .innerJoin('session.user', 'user')
        .select(['session', 'user.id', 'user.role', 'user.active', 'user.clinical', 'user.clinicalApproved'])
        .where('session.tokenDigest = :tokenDigest', { tokenDigest })
        .getOne(),
    );
  }

  /** Newest first. */
  findOfUser(userId: number): Promise<Session[]> {
    return this.db.read((manager) => manager.find(Session, { where: { userId }, order: { id: 'DESC' } }));
  }

  async insert(session: Session): Promise<void> {
    await this.db.insert(Session, session);
  }

  /** Notes a use, unless one later than `since` is noted already. */
  async touch(id: number, now: Date, since: Date): Promise<void> {
    await this.db.update(Session, { id, lastSeenAt: LessThan(since) }, { lastSeenAt: now });
  }

  /** @returns how many there were */
  async deleteOfUser(userId: number, { except }: { except?: number | undefined } = {}): Promise<number> {
    return this.db.delete(Session, { userId, ...(except === undefined ? {} : { id: Not(except) }) });
  }

  /** @returns how many there were */
  async deleteAll(ids: number[]): Promise<number> {
    if (ids.length === 0) return 0;
    return this.db.delete(Session, { id: In(ids) });
  }

  /**
   * Sessions that are of no more use. Idleness finds them all, by one index: a session past its absolute end is not
   * used any longer, and so is idle soon.
   */
  @DeleteExpired(Session)
  expired(now: Date): FindOptionsWhere<Session> {
    return { lastSeenAt: LessThan(before(now, LONGEST_LIFETIME.idle)) };
  }
}
