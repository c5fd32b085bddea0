import { Injectable } from '@nestjs/common';
import { In, LessThan, Not } from 'typeorm';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
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
    await this.db.run(async (manager) => {
      const { id: _, user: __, ...columns } = session;
      const { identifiers } = await manager.insert(Session, columns);
      session.id = (identifiers[0] as { id: number }).id;
    });
  }

  /** Notes a use, unless one later than `since` is noted already. */
  async touch(id: number, now: Date, since: Date): Promise<void> {
    await this.db.run((manager) =>
      manager.update(Session, { id, lastSeenAt: LessThan(since) }, { lastSeenAt: now }),
    );
  }

  /** @returns how many there were */
  async deleteOfUser(userId: number, { except }: { except?: number | undefined } = {}): Promise<number> {
    const { affected } = await this.db.run((manager) =>
      manager.delete(Session, { userId, ...(except === undefined ? {} : { id: Not(except) }) }),
    );
    return affected ?? 0;
  }

  /** @returns how many there were */
  async deleteAll(ids: number[]): Promise<number> {
    if (ids.length === 0) return 0;
    const { affected } = await this.db.run((manager) => manager.delete(Session, { id: In(ids) }));
    return affected ?? 0;
  }
}
