import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * The client's address: the socket's, or the one that the proxies of TRUST_PROXY report. Fastify reads X-Forwarded-For
 * from its right end for as long as each address is a trusted proxy's, so it never reaches what clients write there
 * themselves. An entry that is no IP address (`unknown`, for example) is skipped in favour of the proxy that sent it.
 */
export function clientAddress({ ip, ips }: Pick<FastifyRequest, 'ip' | 'ips'>): string {
  for (const entry of ips?.toReversed() ?? []) {
    const address = withoutPort(entry);
    if (isIP(address) !== 0) return address;
  }
  return ip ?? 'unknown';
}

/** Some proxies add the port: `203.0.113.7:51234`, `[2001:db8::1]:51234`. */
function withoutPort(entry: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry;
}
