import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { RequestContext } from '../shared/access/request-context.js';

/**
 * What counts as one client: an IPv4 address, or the /64 prefix of an IPv6 address, which is what a household or a
 * server is usually given. An IPv4-mapped IPv6 address (`::ffff:203.0.113.7`, from a socket that listens on both) counts
 * as its IPv4 address. The zone of a link-local address (`fe80::1%eth0`) does not count.
 */
export function clientKey(address: string): string {
  if (!isIPv6(address)) return address;
  // The library reads the deprecated `::203.0.113.7` as `::ffff:203.0.113.7`; with one more zero it does not.
  const parsed = ipaddr.IPv6.parse(address.replace(/%.*$/, '').replace(/^::(?=[\d.]+$)/, '::0:'));
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}

/** The client that makes the current request; null outside of a request, as in the command line. */
export function currentClient(): string | null {
  const request = RequestContext.current();
  return request ? clientKey(request.ip) : null;
}
