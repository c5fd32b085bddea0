import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestContext } from '../access/request-context.js';
import { SECOND } from '../lib/duration.js';
import { errorResponse, type ErrorResponse } from './error-response.js';

const OUTAGE_LOG_INTERVAL_MS = 10 * SECOND;

/** Turns every error into an answer. Only server errors (5xx) are logged, with the request's id. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');
  private quietUntil = 0;
  /** Failed requests since the last line about an outage. */
  private unsaid = 0;

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const response = errorResponse(isAborted(http.getRequest()) ? { statusCode: 400 } : error);
    if (response.status === 503) this.logOutage(error);
    else if (response.status >= 500) {
      this.logger.error({ err: error, requestId: RequestContext.current()?.requestId }, 'A request failed');
    }
    void reply.status(response.status).headers(response.headers ?? {});
    this.answer(reply, response);
  }

  /** An outage is some lines in the log, not one with a stack for each request. */
  private logOutage(error: unknown): void {
    const now = performance.now();
    if (now < this.quietUntil) {
      this.unsaid += 1;
      return;
    }
    const { code, errno } = ((error as { driverError?: object } | null)?.driverError ?? error ?? {}) as {
      code?: string;
      errno?: number;
    };
    this.logger.error(
      { type: (error as Error | null)?.constructor.name, errorCode: code, errno, unsaid: this.unsaid },
      'Requests are answered 503',
    );
    this.quietUntil = now + OUTAGE_LOG_INTERVAL_MS;
    this.unsaid = 0;
  }

  protected answer(reply: FastifyReply, { errors }: ErrorResponse): void {
    void reply.send({ errors });
  }
}

/** The connection closed before the whole body had arrived: not the server's fault, and there is no one to answer. */
function isAborted({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}
