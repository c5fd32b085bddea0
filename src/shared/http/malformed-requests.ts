import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { errorResponse } from './error-response.js';
import { TransportError } from './transport-error.js';

// Requests that Node or the router would answer by themselves, in shapes of their own and past every hook. Here they are
// led to where all others go, or answered as all others are.

/** Where no route is. */
const NOWHERE = '/undecodable';

const unmetExpectations = new WeakSet<IncomingMessage>();

/**
 * The target of a request as the router is to see it. RFC 9112, 3.2.2: an absolute target (`GET http://host/path`) means
 * its path; the host that a client names there must reach no answer. A path that can't be decoded (`/%zz`) is no route's.
 */
export function originTarget({ url = '/' }: { url?: string | undefined }): string {
  const target = url.startsWith('/') ? url : url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '') || '/';
  const path = target.split('?', 1)[0]!;
  try {
    decodeURIComponent(path);
  } catch {
    return NOWHERE;
  }
  return target.startsWith('?') ? `/${target}` : target;
}

/** Refuses what HTTP itself forbids, behind the hooks that every answer passes. */
export function refuseMalformedRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    // RFC 9112, 3.2: a request of HTTP/1.1 has one Host.
    const hosts = raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
    const isMalformed = hosts.length > 1 || (hosts.length === 0 && raw.httpVersion === '1.1');
    if (isMalformed) done(new TransportError(400, 'Malformed request'));
    else if (unmetExpectations.has(raw)) done(new TransportError(417, 'Expectation failed'));
    else done();
  });
  // Node would answer an expectation other than 100-continue with an empty 417.
  fastify.server.on('checkExpectation', (request, response) => {
    unmetExpectations.add(request);
    fastify.server.emit('request', request, response);
  });
  // A tunnel is nothing that this server offers; Node would drop the connection without a word.
  fastify.server.on('connect', (_request, socket) => {
    answerSocket(socket as Socket, 405, 'Method Not Allowed', 'Method not allowed');
  });
}

const CLIENT_ERRORS: Record<string, readonly [number, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
};

/**
 * Answers bytes that never became a request, or came too slowly, in the shape of every other error.
 *
 * @param record told of the answer's status
 */
export function clientErrorHandler(record: (status: number, requestId: string) => void) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const [status, reason] = CLIENT_ERRORS[error.code ?? ''] ?? [400, 'Bad Request'];
    const { errors } = errorResponse({ statusCode: status });
    record(status, answerSocket(socket, status, reason, errors as string));
  };
}

/** @returns the id that the answer got */
function answerSocket(socket: Socket, status: number, reason: string, text: string): string {
  const requestId = randomUUID();
  const body = JSON.stringify({ errors: text });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${requestId}\r\n` +
      `Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n` +
      `Content-Security-Policy: default-src 'none';frame-ancestors 'none'\r\nConnection: close\r\n\r\n${body}`,
  );
  return requestId;
}
