import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientAddress } from '../shared/http/client-address.js';
import { clientKey } from './client-key.js';
import { sendQuotas } from './rate-limit-headers.js';
import { RateLimits } from './request-limits.js';

/**
 * Who watches over the service asks often, and may come from the same address as all the clients (a load balancer
 * whose X-Forwarded-For nobody told us to trust): to refuse it would take a working replica out of service.
 */
const OPERATIONAL = /^\/(?:health\/(?:live|ready)|metrics)$/;

/**
 * Counts every request by its client's address before anything else is done for it, its body not yet read: known
 * routes and unknown ones, the documentation, CORS preflights.
 */
export function limitRequests(app: INestApplication): void {
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  const limits = app.get(RateLimits);
  fastify.addHook('onRequest', async (request) => {
    if (isOperational(request)) return;
    await limits.spend('requestsPerIp', clientKey(clientAddress(request)));
  });
  sendQuotas(fastify);
}

function isOperational({ routeOptions }: FastifyRequest): boolean {
  return OPERATIONAL.test(routeOptions.url ?? '');
}
