// The one check of e-mail addresses (AC-32), and the forms in which they are compared.
import { domainToASCII } from 'node:url';

/** RFC 5321 4.5.3.1: 64 octets before the @, 254 for what fits into a path of 256. */
const MAX_LOCAL = 64;
const MAX_ADDRESS = 254;

const ATEXT = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const DOT_ATOM = new RegExp(`^${ATEXT}(\\.${ATEXT})*$`, 'i');
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The address as it may be stored, shown and handed to a mail server, or undefined. One plain addr-spec only:
 * quoted local parts, comments, groups, routes, IP literals and names without a dot are legal somewhere but read
 * differently by different programs, which sends mail to the wrong place (CVE-2025-13033). The domain comes back in
 * lower case and punycode, so look-alike letters are visible; the local part is kept as written.
 */
export function validAddress(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  if (at < 1 || local.length > MAX_LOCAL || text.length > MAX_ADDRESS || !DOT_ATOM.test(local))
    return undefined;

  const domain = validDomain(text.slice(at + 1));
  const address = `${local}@${domain}`;
  return domain && address.length <= MAX_ADDRESS ? address : undefined;
}

/** A host name with at least one dot in lower case and punycode, or undefined. */
export function validDomain(text: string): string | undefined {
  if (/[\s\p{Cc}%/\\:?#[\]@()<>,;"]/u.test(text)) return undefined;
  const domain = domainToASCII(text);
  const labels = domain.split('.');
  if (labels.length < 2 || domain.length > 253 || !labels.every((label) => LABEL.test(label)))
    return undefined;
  // "127.0.0.1" and its other spellings, which come back in that form.
  return /^\d+$/.test(labels.at(-1) ?? '') ? undefined : domain;
}

/** Two addresses with the same key are the same mailbox for us; `+tag` makes a difference, capitals do not. */
export const addressKey = (address: string) => address.toLowerCase();

/** The part after the @. Takes what `validAddress` returned. */
export const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

/** `desk+a1b2@example.com` is `desk@example.com` with the tag `a1b2` (RFC 5233). */
export function splitTag(address: string): { address: string; tag: string | undefined } {
  const local = address.slice(0, address.lastIndexOf('@'));
  const plus = local.indexOf('+');
  if (plus < 1) return { address, tag: undefined };
  return { address: `${local.slice(0, plus)}@${domainOf(address)}`, tag: local.slice(plus + 1) };
}

/** The other direction of `splitTag`. */
export function withTag(address: string, tag: string): string {
  return `${address.slice(0, address.lastIndexOf('@'))}+${tag}@${domainOf(address)}`;
}
