import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { accessTo, type Actor, RequestContext } from '../shared/access/index.js';
import { NotAuthenticated } from '../shared/errors/index.js';
import { SESSION_TOKEN } from './session-token.strategy.js';

/** Demands a valid token on every route that does not say `@Public()`. There, one that is not valid is none. */
@Injectable()
export class AuthenticationGuard extends AuthGuard(SESSION_TOKEN) {
  override handleRequest<T = Actor | null>(
    error: unknown,
    actor: Actor | false | null,
    _info: unknown,
    context: ExecutionContext,
  ): T {
    if (error) throw error;
    const { requirement } = accessTo(context.getHandler(), context.getClass());
    if (!actor && requirement !== 'public') throw new NotAuthenticated();
    const request = RequestContext.current();
    if (request) request.actor = actor || null;
    return (actor || null) as T;
  }
}
