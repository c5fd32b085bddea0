import { parse as parseForm } from 'node:querystring';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MALFORMED_JSON } from './error-response.js';
import { TransportError } from './transport-error.js';

/** Bytes. */
export const MAX_BODY_SIZE = 16 * 1024;
/** Levels of nested objects and arrays. */
export const MAX_BODY_DEPTH = 8;

const FORM = 'application/x-www-form-urlencoded';
const WRONG_TYPE = 'Content-Type must be application/json';

/** The route accepts HTML forms as well, for pages that work without scripts. */
export const AcceptsForm = (): MethodDecorator => RouteConfig({ acceptsForm: true });

/**
 * Accepts only JSON bodies (and forms on routes with `@AcceptsForm()`): valid UTF-8, no `__proto__`, at most 16 KiB.
 * Refuses all others with 400, 413 or 415 before a handler runs.
 */
export function acceptJsonOnly(fastify: FastifyInstance): void {
  // What Fastify itself uses: 'error' for __proto__; `constructor.prototype` is dropped with the unknown properties.
  const parse = fastify.getDefaultJsonParser('error', 'ignore');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) => {
    done(null, { ...parseForm(body as string) });
  });
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    let text: string;
    try {
      text = decoder.decode(body as Buffer);
    } catch {
      done(new TransportError(400, MALFORMED_JSON));
      return;
    }
    parse.call(fastify, request, text, done);
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    // The type of an empty body (`curl -X POST -d ''`) does not matter.
    if (declaresNoBody(request)) delete request.headers['content-type'];
    else if (isEncoded(request)) return done(new TransportError(415, 'Content-Encoding is not supported'));
    if (isForm(request) && !mayBeForm(request)) return done(new TransportError(415, WRONG_TYPE));
    return done();
  });
}

/** RFC 9110, 8.4: a body in a coding that is not undone here can't be read. */
function isEncoded({ headers }: FastifyRequest): boolean {
  const encoding = headers['content-encoding'];
  return encoding !== undefined && encoding.trim().toLowerCase() !== 'identity';
}

function declaresNoBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}

function isForm({ headers }: FastifyRequest): boolean {
  return headers['content-type']?.toLowerCase().startsWith(FORM) === true;
}

/** Where there is no such route, the answer is 404 and not 415. */
function mayBeForm({ is404, routeOptions }: FastifyRequest): boolean {
  return is404 || (routeOptions.config as { acceptsForm?: boolean }).acceptsForm === true;
}

/** Whether the value has more than `depth` levels of nested objects and arrays. Looks no deeper than that. */
export function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  return Object.values(value).some((item) => isDeeperThan(depth - 1, item));
}
