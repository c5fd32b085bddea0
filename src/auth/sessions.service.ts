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
import { newToken, tokenDigest } from './session-token.js';
import { SessionsRepository } from './sessions.repository.js';

/** Live sessions that one user may have; the oldest goes first. */
const MAX_SESSIONS = 10;
const TOUCH_INTERVAL_MS = MINUTE;
const MAX_USER_AGENT_LENGTH = 255;

/** Where a sign-in comes from. */
export interface Origin {
  readonly ip: string;
  readonly userAgent: string | null;
}

export interface StartedSession {
  /** Shown this once. */
  readonly token: string;
  readonly session: Session;
}

/** Sessions from the sign-in to their end. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessionsRepository: SessionsRepository,
    private readonly events: DomainEvents,
    private readonly accessLog: AccessLog,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** The caller's unit of work must hold the user's row, or two sign-ins at once could each leave the other's session. */
  async start(user: User, origin: Origin): Promise<StartedSession> {
    const token = newToken();
    const now = this.clock.now();
    const session = Object.assign(new Session(), {
      userId: user.id,
      tokenDigest: tokenDigest(token),
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

  /** Who a token stands for right now; null for one that is unknown, expired or revoked. */
  async authenticate(token: string): Promise<Actor | null> {
    const session = await this.sessionsRepository.findWithUser(tokenDigest(token));
    const user = session?.user;
    const now = this.clock.now();
    if (!session || !user?.active || session.isExpired(user, now)) return null;
    const lastMinute = before(now, TOUCH_INTERVAL_MS);
    if (session.lastSeenAt < lastMinute) await this.sessionsRepository.touch(session.id, now, lastMinute);
    return new Actor(user.id, user.role, user.isApprovedClinical, session.id, session.createdAt);
  }

  /** The live ones, newest first. */
  async list(user: User): Promise<Session[]> {
    const now = this.clock.now();
    return (await this.sessionsRepository.findOfUser(user.id)).filter(
      (session) => !session.isExpired(user, now),
    );
  }

  /** @throws NotFound for an id that is not one of the user's sessions */
  async end(user: User, sessionId: number): Promise<void> {
    const live = await this.list(user);
    if (!live.some(({ id }) => id === sessionId)) throw new NotFound('Session');
    await this.db.run(async () => {
      const ended = await this.sessionsRepository.deleteAll([sessionId]);
      if (ended > 0) await this.events.publish(new SessionEnded(user.id, sessionId));
    });
  }

  /** Signs somebody out everywhere but where they are asking for it. */
  async endOthers(actor: Actor): Promise<void> {
    await this.db.run(async () => {
      const ended = await this.endAll(actor.id, { except: actor.sessionId });
      if (ended > 0) await this.events.publish(new OtherSessionsEnded(actor.id));
    });
  }

  /** The live ones, newest first, for somebody who asked to see them: noted if they are another person's. */
  async show(user: User): Promise<Session[]> {
    const live = await this.list(user);
    await this.accessLog.read(user.id, 'user.sessions_read');
    return live;
  }

  /** Signs somebody out everywhere, for support; an administrator who does so to themselves stays where they are. */
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

  /** @returns how many there were */
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
