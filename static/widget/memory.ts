// The only thing kept in a visitor's browser (C4): under `hearthdesk-chat-<site>`, on the desk's own origin, the token that
// opens the conversation; written when the visitor sends the first words, deleted when they end the chat.

export interface Memory {
  token(): string | undefined;
  keep(token: string): void;
  forget(): void;
}

/** Where the browser allows no storage the conversation lives as long as the page. */
export function openMemory(site: string): Memory {
  const name = `hearthdesk-chat-${site}`;
  const storage = storageOf(window);
  let token = storage?.getItem(name) ?? undefined;
  return {
    token: () => token,
    keep(given) {
      token = given;
      storage?.setItem(name, given);
    },
    forget() {
      token = undefined;
      storage?.removeItem(name);
    },
  };
}

/** Reading the property alone throws where third-party storage is blocked. */
function storageOf(from: Window): Storage | undefined {
  try {
    return from.localStorage;
  } catch {
    return undefined;
  }
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
