import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import { CleanUp } from '../shared/background/clean-up.js';
import { PendingPasswordReset } from './pending-password-reset.entity.js';

/** Deletes resets that nobody finished in time. */
@Injectable()
export class ResetRetention implements OnModuleInit {
  constructor(private readonly cleanUp: CleanUp) {}

  onModuleInit(): void {
    this.cleanUp.register(PendingPasswordReset, (now) => ({ expiresAt: LessThanOrEqual(now) }));
  }
}
