import { Injectable } from '@nestjs/common';
import { PasswordAttemptLimits } from '../../limits/index.js';
import type { Actor } from '../../shared/access/index.js';
import type { ValidationErrors } from '../../shared/errors/index.js';
import { FailureLog } from '../../shared/events/failure-log.js';
import { Clock } from '../../shared/lib/clock.js';
import { messages } from '../../shared/validation/index.js';
import type { User } from '../user.entity.js';
import { ReauthenticationFailed } from '../user.events.js';
import type { UpdateUserAttributesDto } from '../users.dto.js';
import { PasswordHasher } from './password-hasher.js';
import { normalizePassword } from './password-policy.js';

/** To change their own password or e-mail address, users need a fresh session or their current password. */
@Injectable()
export class CurrentPasswordService {
  constructor(
    private readonly passwordAttemptLimits: PasswordAttemptLimits,
    private readonly passwordHasher: PasswordHasher,
    private readonly failureLog: FailureLog,
    private readonly clock: Clock,
  ) {}

  /** @throws TooManyRequests during the pause after wrong passwords */
  async check(
    sent: UpdateUserAttributesDto,
    current: User,
    actor: Actor,
    errors: ValidationErrors,
  ): Promise<void> {
    const { currentPassword } = sent;
    if (errors.has('currentPassword')) return;
    if (currentPassword) {
      const isRight = await this.passwordAttemptLimits.consume(current.email, () =>
        this.passwordHasher.matches(normalizePassword(currentPassword), current.passwordDigest),
      );
      if (isRight) return;
      await this.failureLog.record(new ReauthenticationFailed(actor.id));
      errors.add('currentPassword', messages.INVALID);
    } else if (changesCredentials(sent, current) && !actor.isFresh(this.clock.now())) {
      errors.add('currentPassword', messages.BLANK);
    }
  }
}

/** Null is ignored here: validation refuses it as blank. */
function changesCredentials({ email, password }: UpdateUserAttributesDto, current: User): boolean {
  return (password ?? undefined) !== undefined || (email ?? current.email) !== current.email;
}
