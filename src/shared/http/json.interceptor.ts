import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { toWire } from '../lib/casing.js';
import { RecordInvalid } from '../errors/index.js';
import { isPlainObject, messages } from '../validation/index.js';
import { isDeeperThan, MAX_BODY_DEPTH } from './json-body.js';

/**
 * The two ends of every handler: a body that is JSON but no object, or nested too deep, is refused (after the
 * guards: 401 and 403 win), and what comes back gets its wire names.
 */
@Injectable()
export class JsonInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body !== undefined && (!isPlainObject(body) || isDeeperThan(MAX_BODY_DEPTH, body))) {
      throw RecordInvalid.on('base', messages.INVALID);
    }
    return next.handle().pipe(map(toWire));
  }
}
