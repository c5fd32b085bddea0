import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { toWire } from '../lib/casing.js';
import { RecordInvalid } from '../errors/index.js';
import { isPlainObject, messages } from '../validation/index.js';
import { isDeeperThan, MAX_BODY_DEPTH } from './json-body.js';

/**
 * Before the handler: refuses a body that is no JSON object or is nested too deep. That comes after the guards, so that
 * 401 and 403 win. After it: gives the answer its snake_case names.
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
