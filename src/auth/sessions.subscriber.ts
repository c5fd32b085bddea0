import { Injectable } from '@nestjs/common';
import { WithinTransaction } from '../shared/events/domain-events.js';
import { RequestContext } from '../shared/access/request-context.js';
import { PasswordChanged, PasswordReset, RoleChanged, UserCancelled } from '../users/index.js';
import { SessionsService } from './sessions.service.js';

/** Ends sessions together with the change that makes them wrong, in the same transaction. */
@Injectable()
export class SessionsSubscriber {
  constructor(private readonly sessionsService: SessionsService) {}

  @WithinTransaction(UserCancelled, RoleChanged, PasswordReset)
  endAll({ userId }: UserCancelled | RoleChanged | PasswordReset): Promise<number> {
    return this.sessionsService.endAll(userId);
  }

  /** Whoever changes their own password stays signed in where they did it. */
  @WithinTransaction(PasswordChanged)
  endOthers({ userId }: PasswordChanged): Promise<number> {
    const actor = RequestContext.current()?.actor;
    return this.sessionsService.endAll(userId, {
      except: actor?.id === userId ? actor.sessionId : undefined,
    });
  }
}
