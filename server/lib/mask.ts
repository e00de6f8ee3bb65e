// Other people's addresses in texts that are handed out (Art. 15(4)).

const ADDRESS = /[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+/gi;

/** Stands for an address of somebody else. */
export const MASKED = '•••@•••';

/** `shown` are the addresses, in lower case, that stay. */
export const maskAddresses = (text: string, shown: ReadonlySet<string>): string =>
  text.replace(ADDRESS, (address) => (shown.has(address.toLowerCase()) ? address : MASKED));
