import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { contextOf } from '../http/request-hooks.js';
import type { HttpMetrics } from './metrics.js';

/** Probes and scrapes come every few seconds and say nothing new. */
const OPERATIONAL = /^\/(?:health\/(?:live|ready)|metrics)$/;

/** Logs and counts every request once it is answered. */
export function logRequests(fastify: FastifyInstance, logger: Logger, metrics: HttpMetrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, never the URL: a query may hold a token or an address.
    const route = request.routeOptions.url ?? 'unknown';
    const seconds = reply.elapsedTime / 1000;
    metrics.observe(request.method, route, reply.statusCode, seconds);
    logger[OPERATIONAL.test(route) ? 'debug' : 'info'](
      {
        requestId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
        actorId: contextOf(request)?.actor?.id,
      },
      'request',
    );
    done();
  });
}
