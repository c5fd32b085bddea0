import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { CleanUp } from '../shared/background/clean-up.js';
import { Settings } from '../shared/config/settings.js';
import { before, DAY } from '../shared/lib/duration.js';
import { Message } from './message.entity.js';

/** Forgets what people were sent, after MESSAGE_RETENTION_DAYS. */
@Injectable()
export class MessageRetention implements OnModuleInit {
  constructor(
    private readonly cleanUp: CleanUp,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    const kept = this.settings.messages.retentionDays * DAY;
    this.cleanUp.register(Message, (now) => ({ createdAt: LessThan(before(now, kept)) }));
  }
}
