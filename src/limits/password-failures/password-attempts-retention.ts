import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { CleanUp } from '../../shared/background/clean-up.js';
import { Settings } from '../../shared/config/settings.js';
import { before, DAY } from '../../shared/lib/duration.js';
import { PasswordAttempts } from './password-attempts.entity.js';

/** Nobody who guesses gains anything by waiting that long; whoever once mistyped an address is forgotten. */
const FAILURES_KEPT_FOR_MS = 90 * DAY;

/** Deletes what says nothing any more. An address that only a password reset opens stays until there is one. */
@Injectable()
export class PasswordAttemptsRetention implements OnModuleInit {
  constructor(
    private readonly cleanUp: CleanUp,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.cleanUp.register(PasswordAttempts, (now) => ({
      attemptedAt: LessThan(before(now, DAY)),
      failures: 0,
    }));
    this.cleanUp.register(PasswordAttempts, (now) => ({
      attemptedAt: LessThan(before(now, FAILURES_KEPT_FOR_MS)),
      failures: LessThan(this.settings.limits.passwordFailuresMax),
    }));
  }
}
