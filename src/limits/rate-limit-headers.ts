import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestLimitResult } from './request-limits.js';

const results = new WeakMap<FastifyRequest, RequestLimitResult>();

/** Keeps the result of the limit per token for the headers of the answer. Where nothing is limited there are none. */
export function setRateLimit(request: FastifyRequest, result: RequestLimitResult | null): void {
  if (result && Number.isFinite(result.remaining)) results.set(request, result);
}

/**
 * Adds `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10) to successful answers. A refusal
 * has `Retry-After` and no other detail.
 */
export function sendRateLimits(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const result = reply.statusCode < 400 ? results.get(request) : undefined;
    if (result) {
      const { window, remaining, resetAfter } = result;
      void reply.header('ratelimit-policy', `"token";q=${window.count};w=${window.seconds}`);
      void reply.header('ratelimit', `"token";r=${remaining};t=${resetAfter}`);
    }
    done(null, payload);
  });
}
