import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestContext } from '../access/request-context.js';
import { errorResponse, type ErrorResponse } from './error-response.js';

/** Turns every error into an answer. Only server errors (5xx) are logged, with the request's id. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const response = errorResponse(isAborted(http.getRequest()) ? { statusCode: 400 } : error);
    if (response.status >= 500) {
      this.logger.error({ err: error, requestId: RequestContext.current()?.requestId }, 'A request failed');
    }
    void reply.status(response.status).headers(response.headers ?? {});
    this.answer(reply, response);
  }

  protected answer(reply: FastifyReply, { errors }: ErrorResponse): void {
    void reply.send({ errors });
  }
}

/** The connection closed before the whole body had arrived: not the server's fault, and there is no one to answer. */
function isAborted({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}
