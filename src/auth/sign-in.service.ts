import { Injectable } from '@nestjs/common';
import { FailureLimits, PasswordAttemptLimits } from '../limits/index.js';
import { UnitOfWork } from '../shared/database/unit-of-work.js';
import { AccountNotActive, WrongCredentials } from '../shared/errors/index.js';
import { DomainEvents } from '../shared/events/domain-events.js';
import { Clock } from '../shared/lib/clock.js';
import { emailProblem } from '../shared/validation/index.js';
import { normalizePassword, PasswordHasher, type User, UsersService } from '../users/index.js';
import { SignedIn, SignInFailed } from './auth.events.js';
import { type Origin, SessionsService, type StartedSession } from './sessions.service.js';

const WRONG = 'Invalid email or password';

/** Signing in with an address and a password. */
@Injectable()
export class SignInService {
  constructor(
    private readonly usersService: UsersService,
    private readonly sessionsService: SessionsService,
    private readonly passwordHasher: PasswordHasher,
    private readonly passwordAttemptLimits: PasswordAttemptLimits,
    private readonly failureLimits: FailureLimits,
    private readonly events: DomainEvents,
    private readonly db: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * An unknown address costs what a wrong password does: both compare one digest, and both count.
   *
   * @throws WrongCredentials, AccountNotActive, TooManyRequests
   */
  signIn(email: string, password: string, origin: Origin): Promise<StartedSession & { user: User }> {
    return this.failureLimits.consume('signInFailuresPerIp', () =>
      this.compareAndEnter(email, password, origin),
    );
  }

  private async compareAndEnter(
    email: string,
    sentPassword: string,
    origin: Origin,
  ): Promise<StartedSession & { user: User }> {
    const password = normalizePassword(sentPassword);
    const user = emailProblem(email) === undefined ? await this.usersService.findByEmail(email) : null;
    const right = await this.passwordAttemptLimits.consume(email, () =>
      this.passwordHasher.matches(password, user?.passwordDigest ?? null),
    );
    try {
      if (!user || !right) throw new WrongCredentials(WRONG);
      if (!user.active) throw new AccountNotActive();
      const started = await this.enter(user, origin);
      if (this.passwordHasher.isOutdated(user.passwordDigest)) {
        await this.usersService.renewDigest(user, await this.passwordHasher.hash(password));
      }
      return { ...started, user };
    } catch (error) {
      if (error instanceof WrongCredentials || error instanceof AccountNotActive) {
        await this.db.run(() => this.events.publish(new SignInFailed(user?.id ?? null)));
      }
      throw error;
    }
  }

  private enter(user: User, origin: Origin): Promise<StartedSession> {
    return this.db.run(async () => {
      const now = this.clock.now();
      if (!(await this.usersService.recordSignIn(user, now))) throw new WrongCredentials(WRONG);
      user.lastSignInAt = now;
      const started = await this.sessionsService.start(user, origin);
      await this.events.publish(new SignedIn(user.id, started.session.id, user.role));
      return started;
    });
  }
}
