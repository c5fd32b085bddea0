import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { CleanUp } from '../shared/background/clean-up.js';
import { before } from '../shared/lib/duration.js';
import { Session } from './session.entity.js';
import { LONGEST_LIFETIME } from './session-lifetime.js';

/**
 * Deletes sessions that nobody can use any more. Idleness finds them all, by one index: a session past its absolute end
 * is not used any longer, and so is idle soon.
 */
@Injectable()
export class SessionRetention implements OnModuleInit {
  constructor(private readonly cleanUp: CleanUp) {}

  onModuleInit(): void {
    this.cleanUp.register(Session, (now) => ({ lastSeenAt: LessThan(before(now, LONGEST_LIFETIME.idle)) }));
  }
}
