import { ApiProperty } from '@nestjs/swagger';
import type { Actor } from '../shared/access/index.js';
import { ANY_USER, UserResource, type User } from '../users/index.js';
import type { Session } from './session.entity.js';
import type { StartedSession } from './sessions.service.js';

/** The answer to a sign-in. */
export class SignedInResource {
  /** @example "gu_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" */
  token: string;
  /**
   * When the session ends at the latest.
   * @example "2026-12-20T10:00:00.000Z"
   */
  expiresAt: Date;
  @ApiProperty(ANY_USER)
  user: UserResource;

  static of({ token, session, user }: StartedSession & { user: User }): SignedInResource {
    return {
      token,
      expiresAt: session.expiresAt(user),
      user: UserResource.of(user, { isAdmin: user.role === 'admin' }),
    };
  }
}

export class SessionResource {
  /** @example 42 */
  id: number;
  /**
   * Whether this very request uses it.
   * @example true
   */
  current: boolean;
  /** @example "2026-11-20T10:00:00.000Z" */
  createdAt: Date;
  /**
   * To the minute.
   * @example "2026-11-20T15:30:00.000Z"
   */
  lastSeenAt: Date;
  /**
   * When it ends at the latest.
   * @example "2026-12-20T10:00:00.000Z"
   */
  expiresAt: Date;
  /** @example "203.0.113.7" */
  ip: string;
  /** @example "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)" */
  userAgent: string | null;

  static of(session: Session, user: User, actor: Actor): SessionResource {
    return {
      id: session.id,
      current: session.id === actor.sessionId,
      createdAt: session.createdAt,
      lastSeenAt: session.lastSeenAt,
      expiresAt: session.expiresAt(user),
      ip: session.ip,
      userAgent: session.userAgent,
    };
  }
}

export class SessionListResource {
  sessions: SessionResource[];

  static of(sessions: Session[], user: User, actor: Actor): SessionListResource {
    return { sessions: sessions.map((session) => SessionResource.of(session, user, actor)) };
  }
}
