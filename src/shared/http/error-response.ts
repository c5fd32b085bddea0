import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { snakeCase } from '../lib/casing.js';
import { isRetryable, isUnreachable } from '../database/database-errors.js';
import {
  AccountNotActive,
  NotAuthenticated,
  NotFound,
  NotPermitted,
  TooManyRequests,
  Unavailable,
  WrongCredentials,
} from '../errors/domain-errors.js';
import { DomainError, RecordInvalid } from '../errors/validation-errors.js';
import { TransportError } from './transport-error.js';

/** What is said of a body that can't be read, whatever the reason. */
export const MALFORMED_JSON = 'Malformed JSON';

/** How long a client should wait when the database can't be reached. */
const RETRY_AFTER_SECONDS = 5;

/** The answer to a request that failed. Its body is always `{"errors": ...}`. */
export interface ErrorResponse {
  readonly status: number;
  readonly errors: string | Record<string, string[]>;
  readonly headers?: Record<string, string>;
}

const STATUSES = new Map<unknown, number>([
  [NotFound, 404],
  [NotAuthenticated, 401],
  [NotPermitted, 403],
  [WrongCredentials, 401],
  [AccountNotActive, 403],
]);

/** The texts of errors that Fastify or Nest raises before a handler runs, by status; others get HTTP's own phrase. */
const TRANSPORT_ERRORS: Record<number, string> = {
  400: 'Malformed request',
  404: 'Not found',
  408: 'Request timeout',
  413: 'Request body is too large',
  415: 'Content-Type must be application/json',
  431: 'Request headers are too large',
};

/** The answer to an error, as the contract has it. The text of an unknown error is never sent. */
export function errorResponse(error: unknown): ErrorResponse {
  if (error instanceof DomainError) return domainErrorResponse(error);
  if (isRetryable(error) || isUnreachable(error)) return unavailable();
  if (error instanceof TransportError) return { status: error.statusCode, errors: error.message };
  const status = httpStatus(error);
  if (status < 400 || status > 499) return { status: 500, errors: 'Internal server error' };
  if (status === 400 && isUnreadableBody(error)) return { status, errors: MALFORMED_JSON };
  return { status, errors: TRANSPORT_ERRORS[status] ?? sentence(STATUS_CODES[status] ?? 'Bad request') };
}

/** Of the JSON parser, or of Fastify's reading of bodies, which Nest wraps. */
function isUnreadableBody(error: unknown): boolean {
  const { cause = error } = error as { cause?: unknown };
  return (
    cause instanceof SyntaxError || (cause as { code?: string }).code?.startsWith('FST_ERR_CTP_') === true
  );
}

/** `Range Not Satisfiable` -> `Range not satisfiable`. */
function sentence(phrase: string): string {
  return phrase.charAt(0) + phrase.slice(1).toLowerCase();
}

function domainErrorResponse(error: DomainError): ErrorResponse {
  if (error instanceof RecordInvalid) {
    const fields = Object.entries(error.errors.toObject());
    return {
      status: 422,
      errors: Object.fromEntries(fields.map(([field, messages]) => [snakeCase(field), messages])),
    };
  }
  if (error instanceof TooManyRequests) {
    return {
      status: 429,
      errors: error.message,
      headers: { 'retry-after': String(error.retryAfterSeconds) },
    };
  }
  if (error instanceof Unavailable) return unavailable();
  const status = STATUSES.get(error.constructor) ?? 500;
  return {
    status,
    errors: error.message,
    ...(status === 401 ? { headers: { 'www-authenticate': 'Bearer' } } : {}),
  };
}

function unavailable(): ErrorResponse {
  return {
    status: 503,
    errors: 'Service unavailable',
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  };
}

/** Of Nest's exceptions, and of those of Fastify and other libraries, which carry a `statusCode` or `status`. */
function httpStatus(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode, status = statusCode } = (error ?? {}) as { statusCode?: unknown; status?: unknown };
  return typeof status === 'number' ? status : 500;
}
