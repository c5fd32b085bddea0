import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../shared/access/index.js';
import { clientAddress } from '../shared/http/client-address.js';
import { clientKey } from './client-key.js';
import { ROUTE_LIMIT, type RouteLimit } from './limit-per-ip.decorator.js';
import { setRateLimit } from './rate-limit-headers.js';
import { RequestLimits } from './request-limits.js';

/** The limits that depend on the token or on the route. `limitRequests` counts all requests of an address before. */
@Injectable()
export class RequestLimitsGuard implements CanActivate {
  constructor(
    private readonly requestLimits: RequestLimits,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { user: Actor | null }>();
    const { user: actor } = request;
    // A session has one token, and an invalid token counts as none.
    if (actor) {
      setRateLimit(request, await this.requestLimits.consume('requestsPerToken', String(actor.sessionId)));
    }
    const limit = this.reflector.get<RouteLimit | undefined>(ROUTE_LIMIT, context.getHandler());
    if (limit && !(limit.exceptAdmins && actor?.isAdmin)) {
      await this.requestLimits.consume(limit.name, clientKey(clientAddress(request)));
    }
    return true;
  }
}
