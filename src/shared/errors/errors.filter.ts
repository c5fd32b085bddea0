import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestContext } from '../http/request-context.js';
import { errorResponse } from './error-response.js';

/** The one place where errors become answers. Only what is our fault is logged as an error, under the request's id. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const { status, errors, headers } = brokeOff(http.getRequest())
      ? errorResponse({ statusCode: 400 })
      : errorResponse(error);
    if (status >= 500) {
      this.logger.error({ err: error, requestId: RequestContext.current()?.requestId }, 'A request failed');
    }
    void reply
      .status(status)
      .headers(headers ?? {})
      .send({ errors });
  }
}

/** The client went away (or was given up) before its body was all there: no fault of ours, and nobody left to answer. */
function brokeOff({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}
