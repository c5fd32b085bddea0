import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageMeta } from './paging.dto.js';

/**
 * Sets the header `Link` (RFC 8288) with `first`, `prev`, `next` and `last`; all other query parameters are kept. The
 * addresses are relative, so that a forged Host header can't change them.
 */
export function linkPages(
  request: FastifyRequest,
  reply: FastifyReply,
  { page, totalPages }: PageMeta,
): void {
  const last = Math.max(totalPages, 1);
  const pages: [string, number][] = [['first', 1]];
  if (page > 1) pages.push(['prev', Math.min(page - 1, last)]);
  if (page < last) pages.push(['next', page + 1]);
  pages.push(['last', last]);
  void reply.header('link', pages.map(([rel, target]) => link(request, rel, 'page', target)).join(', '));
}

/** Only `next`, for keyset pagination by id (`after_id`). */
export function linkNext(request: FastifyRequest, reply: FastifyReply, afterId: number): void {
  void reply.header('link', link(request, 'next', 'after_id', afterId));
}

function link(request: FastifyRequest, rel: string, parameter: string, value: number): string {
  const [path = '', query = ''] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set(parameter, String(value));
  return `<${path}?${parameters.toString()}>; rel="${rel}"`;
}
