import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * Where a request comes from: the socket's address, or what the proxies of TRUST_PROXY say. Fastify walks
 * X-Forwarded-For from its right end, as long as each address is a trusted proxy's, so that what a client writes there
 * itself is never reached. An entry that is no address (`unknown`, anything that a proxy passed on unseen) does not
 * count; the proxy that sent it does.
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
