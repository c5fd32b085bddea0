import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  accessTo,
  type Actor,
  dependsOnRole,
  isPermitted,
  parseUserId,
  type Role,
} from '../shared/access/index.js';
import { NotFound, NotPermitted } from '../shared/errors/index.js';
import { AccessDenied } from '../shared/events/auditable-event.js';
import { FailureLog } from '../shared/events/failure-log.js';
import { UsersRepository } from './users.repository.js';

/** Enforces the policy on the routes of single accounts, before the body is validated. */
@Injectable()
export class UserPermissionGuard implements CanActivate {
  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly failureLog: FailureLog,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { action, userMustExist } = accessTo(context.getHandler(), context.getClass());
    if (action === null) return true;
    type Request = FastifyRequest<{ Params: { id: string } }> & { user: Actor };
    const { params, user: actor } = context.switchToHttp().getRequest<Request>();
    const id = parseUserId(params.id);
    const role = dependsOnRole(action, actor, id) ? await this.roleOfExisting(id) : null;
    if (!isPermitted(action, actor, id, role)) {
      if (actor.id !== id) await this.failureLog.record(new AccessDenied(id));
      throw new NotPermitted();
    }
    if (userMustExist && actor.id !== id) await this.roleOfExisting(id);
    return true;
  }

  private async roleOfExisting(id: number): Promise<Role> {
    const role = await this.usersRepository.roleOf(id);
    if (role === null) throw new NotFound();
    return role;
  }
}
