import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { contextOf } from '../http/request-hooks.js';
import type { HttpMetrics } from './metrics.js';

/** The routes of orchestrators and monitoring. */
const OPERATIONAL = /^\/(?:health\/(?:live|ready)|metrics)$/;

/** Whether a request is a probe or a scrape: these come every few seconds. */
export function isOperational({ routeOptions }: FastifyRequest): boolean {
  return OPERATIONAL.test(routeOptions.url ?? '');
}

/** Logs and counts every request once it is answered. */
export function logRequests(fastify: FastifyInstance, logger: Logger, metrics: HttpMetrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, never the URL: a query may hold a token or an address.
    const route = request.routeOptions.url ?? 'unknown';
    const seconds = reply.elapsedTime / 1000;
    metrics.observe(request.method, route, reply.statusCode, seconds);
    // Probes and scrapes say nothing new.
    logger[isOperational(request) ? 'debug' : 'info'](
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
