import { isIPv6 } from 'node:net';
import { RequestContext } from '../shared/access/request-context.js';

/**
 * What counts as one client: an IPv4 address, or the /64 of an IPv6 address, which is what a single household or
 * server is given. An IPv4 address in IPv6 clothes (`::ffff:203.0.113.7`, from a socket that listens on both) is the
 * IPv4 address.
 */
export function clientKey(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  const isIPv4 = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (isIPv4) return groups.slice(6).flatMap(bytesOf).join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** Whoever makes the current request; null outside of one, as in the command line. */
export function currentClient(): string | null {
  const request = RequestContext.current();
  return request ? clientKey(request.ip) : null;
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): number[] {
  const plain = address.replace(/%.*$/, '').replace(/[\d.]+\.\d+$/, hexadecimal);
  const [left = [], right] = plain.split('::', 2).map((side) => side.split(':').filter(Boolean));
  const zeros = right === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...(right ?? [])].map((group) =>
    Number.parseInt(group, 16),
  );
}

/** `203.0.113.7` -> `cb00:7107`: the last four bytes may be written either way. */
function hexadecimal(dotted: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

function bytesOf(group: number): [number, number] {
  return [group >> 8, group & 255];
}
