import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { clientAddress } from '../shared/http/client-address.js';
import { isOperational } from '../shared/observability/request-log.js';
import { clientKey } from './client-key.js';
import { sendRateLimits } from './rate-limit-headers.js';
import { RequestLimits } from './request-limits.js';

/**
 * Counts every request by its client's address before anything else is done for it, before its body is read: known
 * routes and unknown ones, the documentation, CORS preflights.
 */
export function limitRequests(app: INestApplication): void {
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  const requestLimits = app.get(RequestLimits, { strict: false });
  fastify.addHook('onRequest', async (request) => {
    // Monitoring asks often, and may come from the same address as all clients (a load balancer that TRUST_PROXY does
    // not name): refusing it would take a working replica out of service.
    if (isOperational(request)) return;
    await requestLimits.consume('requestsPerIp', clientKey(clientAddress(request)));
  });
  sendRateLimits(fastify);
}
