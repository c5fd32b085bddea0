import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageMeta } from './paging.dto.js';

/**
 * `Link` as RFC 8288 has it: `first`, `prev`, `next` and `last`, all other query parameters kept. The addresses are
 * relative, so that no Host header can forge them.
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

/** `next` alone, for a list that is walked by id. */
export function linkNext(request: FastifyRequest, reply: FastifyReply, afterId: number): void {
  void reply.header('link', link(request, 'next', 'after_id', afterId));
}

function link(request: FastifyRequest, rel: string, parameter: string, value: number): string {
  const [path = '', query = ''] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set(parameter, String(value));
  return `<${path}?${parameters.toString()}>; rel="${rel}"`;
}
