import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SECOND } from '../shared/lib/duration.js';
import type { Quota } from './rate-limits.service.js';

const quotas = new WeakMap<FastifyRequest, Quota>();

/** What is left of the limit per token, to be told with the answer. */
export function announceQuota(request: FastifyRequest, quota: Quota | null): void {
  if (quota) quotas.set(request, quota);
}

/**
 * Adds `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10) to what succeeds. A refusal has
 * `Retry-After` and says nothing else.
 */
export function sendQuotas(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const quota = reply.statusCode < 400 ? quotas.get(request) : undefined;
    if (quota) {
      const { window, remaining, resetsIn } = quota;
      void reply.header('ratelimit-policy', `"token";q=${window.count};w=${window.seconds}`);
      void reply.header('ratelimit', `"token";r=${remaining};t=${Math.ceil(resetsIn / SECOND)}`);
    }
    done(null, payload);
  });
}
