// The part of mailauth that its own types leave out.
declare module 'mailauth/lib/parse-received' {
  export interface Received {
    from?: { value?: string; comment?: string };
    with?: { value?: string };
  }
  /** `line` is the whole header, its name included; false when it is none. */
  export function parseReceived(line: string): Received | false;
  /** The address of the connection, never one that the client claimed. */
  export function getClientAddress(from: Received['from']): string | false;
}
