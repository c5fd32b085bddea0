import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import { CleanUp } from '../../shared/background/clean-up.js';
import { Quota } from './quota.entity.js';

/** Deletes quotas of which no use counts any more. */
@Injectable()
export class QuotaRetention implements OnModuleInit {
  constructor(private readonly cleanUp: CleanUp) {}

  onModuleInit(): void {
    this.cleanUp.register(Quota, (now) => ({ expiresAt: LessThanOrEqual(now) }));
  }
}
