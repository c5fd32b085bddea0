import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from '../shared/http/client-address.js';
import { readableHeader } from '../shared/lib/text.js';
import type { Origin } from './sessions.service.js';

/** Parameter decorator: the address and browser that the request comes from. */
export const RequestOrigin = createParamDecorator((_: unknown, context: ExecutionContext): Origin => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const userAgent = request.headers['user-agent'];
  return {
    ip: clientAddress(request),
    userAgent: userAgent === undefined ? null : readableHeader(userAgent),
  };
});
