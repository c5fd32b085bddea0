import { applyDecorators, SetMetadata } from '@nestjs/common';
import type { UserAction } from './user.policy.js';

/** Where the guard and the OpenAPI document find what a route does to an account. */
export const USER_ACTION = 'access:user-action';
/** Where the guard finds that the account has to be there. */
export const USER_MUST_EXIST = 'access:user-must-exist';

/**
 * The route does this to the account of its `{id}`; the policy says who may.
 *
 * @param options.ofExisting the guard answers 404 where there is no such account, for routes whose module knows nothing
 *   of accounts but their ids
 */
export const Permit = (action: UserAction, { ofExisting = false } = {}): MethodDecorator =>
  applyDecorators(SetMetadata(USER_ACTION, action), SetMetadata(USER_MUST_EXIST, ofExisting));
