import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorResponse } from './error-response.js';
import { clientAddress } from './client-address.js';
import { RequestContext } from '../access/request-context.js';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;
const MAX_REASON_LENGTH = 200;

const contexts = new WeakMap<FastifyRequest, RequestContext>();

/** The context of a request, for Fastify hooks, which run outside of it. */
export function contextOf(request: FastifyRequest): RequestContext | undefined {
  return contexts.get(request);
}

/** The caller's own id if it is 1 to 128 of `A-Za-z0-9._-`, else a new one. */
export function requestId(request: IncomingMessage): string {
  const sent = request.headers['x-request-id'];
  return typeof sent === 'string' && REQUEST_ID.test(sent) ? sent : randomUUID();
}

/** The first hooks of every request: they set its id, its context and the common headers. */
export function addRequestHooks(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply);
    contexts.set(request, new RequestContext(request.id, clientAddress(request), accessReason(request)));
    // RFC 9112, 3.2: an HTTP/1.1 request without Host gets 400.
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
      void reply.status(400).send({ errors: 'Malformed request' });
    } else done();
  });
  // Not in onRequest: once the body has been read, hooks run in the asynchronous context of the socket.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const context = contexts.get(request);
    if (context) RequestContext.run(context, done);
    else done();
  });
}

function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-request-id', request.id);
  if (request.url.startsWith('/v1')) void reply.header('cache-control', 'no-store');
}

function accessReason({ headers }: FastifyRequest): string | null {
  const sent = headers['x-access-reason'];
  if (typeof sent !== 'string' || sent.trim() === '') return null;
  // Header bytes come as Latin-1; a reason is most often UTF-8.
  const text = Buffer.from(sent, 'latin1').toString('utf8');
  return [...text.replace(/\p{Cc}/gu, ' ').trim()].slice(0, MAX_REASON_LENGTH).join('');
}

/** Answers what the router refuses before any hook runs (`/%zz`) with 404. */
export function answerFrameworkError(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  setCommonHeaders(request, reply);
  void reply.status(404).send({ errors: 'Not found' });
}

const CLIENT_ERRORS: Record<string, readonly [number, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
};

/** Answers what Node could not parse as a request, or what arrived too slowly, in the shape of all other errors. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason] = CLIENT_ERRORS[error.code ?? ''] ?? [400, 'Bad Request'];
  const text = status === 400 ? 'Malformed request' : errorResponse({ statusCode: status }).errors;
  const body = JSON.stringify({ errors: text });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${randomUUID()}\r\n` +
      `Cache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  );
}
