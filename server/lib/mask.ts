// Other people's addresses in texts that are handed out (Art. 15(4)).

/** Letters of every alphabet: RFC 6532 addresses and the domains of Norway and Latvia have them. */
const ADDRESS =
  /[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~.-]{1,64}@[\p{L}\p{M}\p{N}-]{1,63}(?:\.[\p{L}\p{M}\p{N}-]{1,63})+/giu;

/** Stands for an address of somebody else. */
export const MASKED = '•••@•••';

/** `shown` are the addresses, in lower case, that stay. */
export const maskAddresses = (text: string, shown: ReadonlySet<string>): string =>
  text.replace(ADDRESS, (address) => (shown.has(address.toLowerCase()) ? address : MASKED));
