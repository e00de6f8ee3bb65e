// The only thing kept in a visitor's browser (C4): one entry on the desk's own origin, `hearthdesk-chat-<site>`, holding the
// token that opens the conversation. Written when the visitor sends the first words, deleted when they end the chat.
//
// It is in the frame's local storage, out of reach for the website's other scripts. Browsers that refuse storage to frames
// of another site (private windows, "block third-party cookies") still allow a cookie that is partitioned by website
// (CHIPS); there it is that cookie, which the desk never reads. Where neither is allowed, the conversation lives as long as
// the page.

export interface Memory {
  token(): string | undefined;
  keep(token: string): void;
  forget(): void;
}

const QUARTER = 90 * 24 * 60 * 60;

export function openMemory(site: string): Memory {
  const name = `hearthdesk-chat-${site}`;
  const storage = storageOf(window);
  let token = storage ? (storage.getItem(name) ?? undefined) : cookie(name);
  return {
    token: () => token,
    keep(given) {
      token = given;
      if (storage) storage.setItem(name, given);
      else setCookie(name, given, QUARTER);
    },
    forget() {
      token = undefined;
      if (storage) storage.removeItem(name);
      else setCookie(name, '', 0);
    },
  };
}

/** Reading the property alone throws where it is refused. */
function storageOf(from: Window): Storage | undefined {
  try {
    return from.localStorage;
  } catch {
    return undefined;
  }
}

function cookie(name: string): string | undefined {
  const start = `${name}=`;
  const found = document.cookie.split('; ').find((part) => part.startsWith(start));
  return found?.slice(start.length);
}

function setCookie(name: string, value: string, seconds: number): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is younger than visitors' browsers.
  document.cookie = `${name}=${value}; Path=/widget/; Max-Age=${seconds}; Secure; SameSite=None; Partitioned`;
}

/** 256 random bits in base64url: the token is made here and never comes back from the server. */
export function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
}

/** Names one message, so that sending it twice stores it once (C1). */
export const newClientId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
