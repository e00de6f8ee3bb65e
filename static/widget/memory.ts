// The only thing kept in a visitor's browser (C4): one entry on the desk's own origin, `hearthdesk-chat-<site>`, holding the
// token that opens the conversation and, behind a dot, `open` while the visitor has the chat open. Written when the visitor
// sends the first words, deleted when they end the chat.
//
// It is in the frame's local storage, out of reach for the website's other scripts. Browsers that refuse storage to frames
// of another site (private windows, "block third-party cookies") still allow a cookie that is partitioned by website
// (CHIPS); there it is that cookie, which the desk never reads. Where neither is allowed, the conversation lives as long as
// the page.

export interface Memory {
  token(): string | undefined;
  keep(token: string): void;
  forget(): void;
  /** Whether the visitor had the chat open when the page went; the next page opens it again. */
  wasOpen(): boolean;
  noteOpen(open: boolean): void;
  /** Another window of the website has stored a conversation's token, or (undefined) deleted it. */
  onElsewhere(hear: (token: string | undefined) => void): void;
  /** From here on this window is about that conversation, too. */
  follow(token: string | undefined): void;
}

const QUARTER = 90 * 24 * 60 * 60;

export function openMemory(site: string): Memory {
  const name = `hearthdesk-chat-${site}`;
  const storage = storageOf(window);
  const entry = () => (storage ? (storage.getItem(name) ?? undefined) : cookie(name));
  const read = () => entry()?.split('.')[0];
  const write = (value: string) => (storage ? store(storage, name, value) : setCookie(name, value, QUARTER));
  let token = read();
  /** False where nothing can be kept: then that nothing is found says nothing. */
  let isKept = token !== undefined;
  return {
    token: () => token,
    keep(given) {
      token = given;
      write(`${given}.open`);
      isKept = read() === given;
    },
    forget() {
      // Another window may have begun a new one since; that is not ours to forget.
      if (read() === token) {
        storage?.removeItem(name);
        if (!storage) setCookie(name, '', 0);
      }
      token = undefined;
      isKept = false;
    },
    wasOpen: () => entry()?.endsWith('.open') === true,
    noteOpen(open) {
      if (token !== undefined && read() === token) write(open ? `${token}.open` : token);
    },
    onElsewhere(hear) {
      const look = () => {
        const found = read();
        if (found !== token && (isKept || found !== undefined)) hear(found);
      };
      addEventListener('storage', look);
      // Nothing tells of a cookie; whoever goes to another window sees it there.
      document.addEventListener('visibilitychange', look);
    },
    follow(found) {
      token = found;
      isKept = found !== undefined;
    },
  };
}

/** A full or forbidden storage is no reason not to talk: then the conversation lives as long as the page. */
function store(storage: Storage, name: string, token: string): void {
  try {
    storage.setItem(name, token);
  } catch {
    return;
  }
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
