import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import { CleanUp } from '../shared/background/clean-up.js';
import { ConfirmationCode } from './confirmation-code.entity.js';

/** Deletes codes that nobody entered in time. */
@Injectable()
export class CodeRetention implements OnModuleInit {
  constructor(private readonly cleanUp: CleanUp) {}

  onModuleInit(): void {
    this.cleanUp.register(ConfirmationCode, (now) => ({ expiresAt: LessThanOrEqual(now) }));
  }
}
