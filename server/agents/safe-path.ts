// Where to go on after signing in.

const BASE = 'https://desk.invalid';

/** Only a path of ours (AC-36); anything else leads to the inbox. `/.//evil` is a path of ours that reads as a host. */
export function safePath(next: string | undefined): string {
  const url = next?.startsWith('/') ? URL.parse(next, BASE) : undefined;
  return url?.origin === BASE && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : '/tickets';
}
