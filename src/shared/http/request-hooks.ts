import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorResponse } from './error-response.js';
import { isInvisible, readableHeader, trimEnds } from '../lib/text.js';
import { clientAddress } from './client-address.js';
import { RequestContext } from '../access/request-context.js';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;
const MAX_REASON_LENGTH = 200;

const contexts = new WeakMap<FastifyRequest, RequestContext>();

/** The context of a request that `addRequestHooks` has seen, for hooks that run outside of it. */
export function contextOf(request: FastifyRequest): RequestContext | undefined {
  return contexts.get(request);
}

/** The caller's own id if it is 1 to 128 of `A-Za-z0-9._-`, else a new one. */
export function requestId(request: IncomingMessage): string {
  const sent = request.headers['x-request-id'];
  return typeof sent === 'string' && REQUEST_ID.test(sent) ? sent : randomUUID();
}

/** What every request passes first: its id and its context. */
export function addRequestHooks(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    stamp(request, reply);
    contexts.set(request, new RequestContext(request.id, clientAddress(request), accessReason(request)));
    // RFC 9112, 3.2: a request of HTTP/1.1 without Host is a bad one.
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
      void reply.status(400).send({ errors: 'Malformed request' });
    } else done();
  });
  // Not in onRequest: what follows the reading of a body runs in the socket's own asynchronous context.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const context = contexts.get(request);
    if (context) RequestContext.run(context, done);
    else done();
  });
}

function stamp(request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-request-id', request.id);
  if (request.url.startsWith('/v1')) void reply.header('cache-control', 'no-store');
}

function accessReason({ headers }: FastifyRequest): string | null {
  const sent = headers['x-access-reason'];
  if (typeof sent !== 'string') return null;
  const text = trimEnds(readableHeader(sent).replace(/\p{Cc}/gu, ' '));
  if (isInvisible(text)) return null;
  return [...text].slice(0, MAX_REASON_LENGTH).join('');
}

/** A request that the router refuses before any hook runs (`/%zz`): no such route. */
export function answerFrameworkError(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  stamp(request, reply);
  void reply.status(404).send({ errors: 'Not found' });
}

const CLIENT_ERRORS: Record<string, readonly [number, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
};

/** Bytes that never became a request, or came too slowly, in the shape of every other error. */
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
