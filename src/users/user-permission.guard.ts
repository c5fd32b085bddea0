import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../shared/access/index.js';
import { NotFound, NotPermitted } from '../shared/errors/index.js';
import { parseUserId } from './user-id.js';
import { dependsOnRole, isPermitted, type UserAction } from './user.policy.js';
import { UsersRepository } from './users.repository.js';

/** Where the guard and the OpenAPI document find what a route does to an account. */
export const USER_ACTION = 'access:user-action';

/** The route does this to the account of its `{id}`; the policy says who may. */
export const Permit = (action: UserAction): MethodDecorator => SetMetadata(USER_ACTION, action);

/** Holds the routes of single accounts against the policy, before anything of the body is looked at. */
@Injectable()
export class UserPermissionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly users: UsersRepository,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const action = this.reflector.get<UserAction | undefined>(USER_ACTION, context.getHandler());
    if (action === undefined) return true;
    type Request = FastifyRequest<{ Params: { id: string } }> & { user: Actor };
    const { params, user: actor } = context.switchToHttp().getRequest<Request>();
    const id = parseUserId(params.id);
    const role = dependsOnRole(action, actor, id) ? await this.users.roleOf(id) : null;
    if (role === null && dependsOnRole(action, actor, id)) throw new NotFound();
    if (!isPermitted(action, actor, id, role)) throw new NotPermitted();
    return true;
  }
}
