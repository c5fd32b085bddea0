import { domainToASCII, domainToUnicode } from 'node:url';
import { hasSpaceOrFormat, trimEnds } from './text.js';

const MAX_LOCAL_LENGTH = 64;
/** RFC 5322 dot-atom: no quotes, no comments, no display name. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** RFC 1123 labels, at least two, the last not a number (which keeps address literals out). */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$/;
/** What ends or divides the host of a URL: to `domainToASCII` the domain would end there. */
const URL_SYNTAX = /[/\\?#:@%[\]]/;
// oxlint-disable-next-line no-control-regex -- ASCII is what is meant
const ASCII = /^[\x00-\x7f]*$/;

/**
 * The form in which an address is stored and compared: without what surrounds it, its domain in ASCII (UTS 46,
 * non-transitional), lower case. What is no ASCII then stays as it is and is refused: to lower-case it would turn
 * look-alikes (the Kelvin sign, the dotless i) into another person's address.
 */
export function normalizeEmailAddress(written: string): string {
  const address = trimEnds(written);
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (at < 1 || !ASCII.test(local) || hasSpaceOrFormat(domain) || URL_SYNTAX.test(domain)) {
    return ASCII.test(address) ? address.toLowerCase() : address;
  }
  const ascii = domainToASCII(domain);
  return ascii === '' ? address : `${local.toLowerCase()}@${ascii}`;
}

/** Whether a normalised address is a plain `local@domain.tld`. */
export function isEmailAddress(address: string): boolean {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  return (
    at > 0 &&
    local.length <= MAX_LOCAL_LENGTH &&
    LOCAL.test(local) &&
    DOMAIN.test(domain) &&
    hasGoodLabels(domain)
  );
}

export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** No hyphen at an end of a label, in the Unicode form of an internationalised one either; and one that decodes at all. */
function hasGoodLabels(domain: string): boolean {
  return domainToASCII(domain) === domain && !/(?:^|\.)-|-(?:\.|$)/.test(domainToUnicode(domain));
}
