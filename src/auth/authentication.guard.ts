import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { type Actor, REQUIREMENT, type Requirement } from '../shared/access/index.js';
import { NotAuthenticated } from '../shared/errors/index.js';
import { RequestContext } from '../shared/access/request-context.js';
import { SESSION_TOKEN } from './session-token.strategy.js';

/** Demands a valid token on every route that does not say `@Public()`. There, one that is not valid is none. */
@Injectable()
export class AuthenticationGuard extends AuthGuard(SESSION_TOKEN) {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override handleRequest<T = Actor | null>(
    error: unknown,
    actor: Actor | false | null,
    _info: unknown,
    context: ExecutionContext,
  ): T {
    if (error) throw error;
    const requirement = this.reflector.getAllAndOverride<Requirement | undefined>(REQUIREMENT, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!actor && requirement !== 'public') throw new NotAuthenticated();
    const request = RequestContext.current();
    if (request) request.actor = actor || null;
    return (actor || null) as T;
  }
}
