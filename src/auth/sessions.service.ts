import { Injectable } from '@nestjs/common';
import { Actor } from '../shared/access/index.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { NotFound } from '../shared/errors/index.js';
import { AccessLog } from '../shared/events/access-log.js';
import { DomainEvents } from '../shared/events/domain-events.js';
import { Clock } from '../shared/lib/clock.js';
import { before, MINUTE } from '../shared/lib/duration.js';
import type { User } from '../users/index.js';
import { OtherSessionsEnded, SessionEnded, SessionsEndedBySupport } from './auth.events.js';
import { Session } from './session.entity.js';
import { newSessionToken, sessionTokenDigest } from './session-token.js';
import { SessionsRepository } from './sessions.repository.js';

/** How many live sessions a user may have. A further sign-in ends the oldest. */
const MAX_SESSIONS = 10;
const TOUCH_INTERVAL_MS = MINUTE;
const MAX_USER_AGENT_LENGTH = 255;

/** Where a sign-in comes from. */
export interface Origin {
  readonly ip: string;
  readonly userAgent: string | null;
}

export interface StartedSession {
  /** Not stored: the response to the sign-in is the only place where it appears. */
  readonly token: string;
  readonly session: Session;
}

/** The whole life of sessions: they are started by a sign-in, used by requests, listed and ended. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessionsRepository: SessionsRepository,
    private readonly events: DomainEvents,
    private readonly accessLog: AccessLog,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * The caller's unit of work must have locked the user's row. Otherwise two sign-ins at the same time would not see each
   * other's session, and the user could have more than the maximum.
   */
  async start(user: User, origin: Origin): Promise<StartedSession> {
    const token = newSessionToken();
    const now = this.clock.now();
    const session = Object.assign(new Session(), {
      userId: user.id,
      tokenDigest: sessionTokenDigest(token),
      createdAt: now,
      lastSeenAt: now,
      ip: origin.ip,
      userAgent: origin.userAgent?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
    });
    await this.db.run(async () => {
      await this.sessionsRepository.insert(session);
      await this.prune(user, now);
    });
    return { token, session };
  }

  /** The actor of a token; null if the token is unknown, its session has ended or its user was cancelled. */
  async authenticate(token: string): Promise<Actor | null> {
    const session = await this.sessionsRepository.findWithUser(sessionTokenDigest(token));
    const user = session?.user;
    const now = this.clock.now();
    if (!session || !user?.active || session.isExpired(user, now)) return null;
    const lastMinute = before(now, TOUCH_INTERVAL_MS);
    if (session.lastSeenAt < lastMinute) await this.sessionsRepository.touch(session.id, now, lastMinute);
    return new Actor(user.id, user.role, user.isApprovedClinical, session.id, session.createdAt);
  }

  /** The user's live sessions, newest first. */
  async list(user: User): Promise<Session[]> {
    const now = this.clock.now();
    return (await this.sessionsRepository.findOfUser(user.id)).filter(
      (session) => !session.isExpired(user, now),
    );
  }

  /** @throws NotFound if the id is not that of one of the user's live sessions */
  async end(user: User, sessionId: number): Promise<void> {
    const live = await this.list(user);
    if (!live.some(({ id }) => id === sessionId)) throw new NotFound('Session');
    await this.db.run(async () => {
      const ended = await this.sessionsRepository.deleteAll([sessionId]);
      if (ended > 0) await this.events.publish(new SessionEnded(user.id, sessionId));
    });
  }

  /** Ends all sessions of a user but that of the request. */
  async endOthers(actor: Actor): Promise<void> {
    await this.db.run(async () => {
      const ended = await this.endAll(actor.id, { except: actor.sessionId });
      if (ended > 0) await this.events.publish(new OtherSessionsEnded(actor.id));
    });
  }

  /** The same for an actor who asked to see them: recorded in the audit log, unless they are the actor's own. */
  async show(user: User): Promise<Session[]> {
    const live = await this.list(user);
    await this.accessLog.read(user.id, 'user.sessions_read');
    return live;
  }

  /** Ends all sessions of a user, on behalf of an administrator. Administrators keep the session of the request. */
  async endAllFor(actor: Actor, user: User): Promise<void> {
    if (actor.id === user.id) {
      await this.endOthers(actor);
      return;
    }
    await this.db.run(async () => {
      const ended = await this.endAll(user.id);
      if (ended > 0) await this.events.publish(new SessionsEndedBySupport(user.id));
    });
  }

  /** @returns how many sessions were ended */
  endAll(userId: number, { except }: { except?: number | undefined } = {}): Promise<number> {
    return this.sessionsRepository.deleteOfUser(userId, { except });
  }

  private async prune(user: User, now: Date): Promise<void> {
    const all = await this.sessionsRepository.findOfUser(user.id);
    const live = all.filter((session) => !session.isExpired(user, now));
    const kept = new Set(live.slice(0, MAX_SESSIONS).map(({ id }) => id));
    await this.sessionsRepository.deleteAll(all.filter(({ id }) => !kept.has(id)).map(({ id }) => id));
  }
}
