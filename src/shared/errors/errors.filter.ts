import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RequestContext } from '../http/request-context.js';
import { errorResponse } from './error-response.js';

/** The one place where errors become answers. Only what is our fault is logged as an error, under the request's id. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, errors, headers } = errorResponse(error);
    if (status >= 500) {
      this.logger.error({ err: error, requestId: RequestContext.current()?.requestId }, 'A request failed');
    }
    void reply
      .status(status)
      .headers(headers ?? {})
      .send({ errors });
  }
}
