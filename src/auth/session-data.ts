import { Injectable } from '@nestjs/common';
import { PersonalData } from '../shared/lib/personal-data.js';
import type { Session } from './session.entity.js';
import { SessionsRepository } from './sessions.repository.js';

/** Where somebody is or was signed in, as far as it is still stored. */
@Injectable()
export class SessionData extends PersonalData {
  readonly section = 'sessions';

  constructor(private readonly sessionsRepository: SessionsRepository) {
    super();
  }

  override async of(
    userId: number,
  ): Promise<Pick<Session, 'id' | 'createdAt' | 'lastSeenAt' | 'ip' | 'userAgent'>[]> {
    const sessions = await this.sessionsRepository.findOfUser(userId);
    return sessions.map(({ id, createdAt, lastSeenAt, ip, userAgent }) => ({
      id,
      createdAt,
      lastSeenAt,
      ip,
      userAgent,
    }));
  }
}
