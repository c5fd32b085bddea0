import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isInvisible, readableHeader, trimEnds } from '../lib/text.js';
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
    void reply.header('x-request-id', request.id);
    // Answers are about persons: what may be kept says so itself.
    void reply.header('cache-control', 'no-store');
    contexts.set(request, new RequestContext(request.id, clientAddress(request), accessReason(request)));
    done();
  });
  // Not in onRequest: once the body has been read, hooks run in the asynchronous context of the socket.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const context = contexts.get(request);
    if (context) RequestContext.run(context, done);
    else done();
  });
}

function accessReason({ headers }: FastifyRequest): string | null {
  const sent = headers['x-access-reason'];
  if (typeof sent !== 'string') return null;
  const text = trimEnds(readableHeader(sent).replace(/\p{Cc}/gu, ' '));
  if (isInvisible(text)) return null;
  return [...text].slice(0, MAX_REASON_LENGTH).join('');
}
