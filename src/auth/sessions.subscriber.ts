import { Injectable } from '@nestjs/common';
import { WithinTransaction } from '../shared/events/domain-events.js';
import { RequestContext } from '../shared/access/request-context.js';
import { PasswordChanged, PasswordReset, RoleChanged, UserCancelled } from '../users/index.js';
import { SessionsService } from './sessions.service.js';

/** Ends sessions in the transaction of the change that makes them invalid. */
@Injectable()
export class SessionsSubscriber {
  constructor(private readonly sessionsService: SessionsService) {}

  @WithinTransaction(UserCancelled, RoleChanged, PasswordReset)
  endAll({ userId }: UserCancelled | RoleChanged | PasswordReset): Promise<number> {
    return this.sessionsService.endAll(userId);
  }

  /** Users who change their own password keep the session in which they do it. */
  @WithinTransaction(PasswordChanged)
  endOthers({ userId }: PasswordChanged): Promise<number> {
    const actor = RequestContext.current()?.actor;
    return this.sessionsService.endAll(userId, {
      except: actor?.id === userId ? actor.sessionId : undefined,
    });
  }
}
