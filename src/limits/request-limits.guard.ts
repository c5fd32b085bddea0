import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../shared/access/index.js';
import { clientAddress } from '../shared/http/client-address.js';
import { clientKey } from './client-key.js';
import { ROUTE_LIMIT, type RouteLimit } from './limit-per-ip.decorator.js';
import { announceQuota } from './rate-limit-headers.js';
import { RateLimits } from './request-limits.js';

/** The limits that need to know who asks and for which route. What comes from one address at all is counted before. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly limits: RateLimits,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { user: Actor | null }>();
    const { user: actor } = request;
    // A session has one token, and a token that is not valid counts as none.
    if (actor) announceQuota(request, await this.limits.spend('requestsPerToken', String(actor.sessionId)));
    const limit = this.reflector.get<RouteLimit | undefined>(ROUTE_LIMIT, context.getHandler());
    if (limit && !(limit.exceptAdmins && actor?.isAdmin)) {
      await this.limits.spend(limit.name, clientKey(clientAddress(request)));
    }
    return true;
  }
}
