import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from './actor.js';
import { REQUIREMENT, type Requirement, USER_ACTION, USER_MUST_EXIST } from './route-access.js';
import type { UserAction } from './user.policy.js';

// Each of these is enforced by a guard and described in the OpenAPI document: security, 401, 403, 404, the `{id}` of
// the path and the header X-Access-Reason need no decorators of their own.

const requires = (requirement: Requirement): ClassDecorator & MethodDecorator =>
  SetMetadata(REQUIREMENT, requirement);

/** The route needs no token. An invalid one counts as none. */
export const Public = (): ClassDecorator & MethodDecorator => requires('public');

/** Administrators only; others get 403. */
export const AdminOnly = (): ClassDecorator & MethodDecorator => requires('admin');

/** Only clinical users whom an administrator has approved, and administrators; others get 403. */
export const ClinicalOnly = (): ClassDecorator & MethodDecorator => requires('clinical');

/**
 * The route does this to the account of its `{id}`. The user policy says who may; others get 403.
 *
 * @param options.ofExisting the guard answers 404 where there is no such account. For modules that know accounts only by
 *   their ids; a service that loads the account finds out by itself.
 */
export const Permit = (action: UserAction, { ofExisting = false } = {}): MethodDecorator =>
  applyDecorators(SetMetadata(USER_ACTION, action), SetMetadata(USER_MUST_EXIST, ofExisting));

/** The signed-in user; on a public route null where there is no valid token. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<FastifyRequest & { user: Actor | null }>().user,
);
