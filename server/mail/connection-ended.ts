// Why one connection to a mailbox ended, thrown within it; the text is the health line of the mailbox.
import type { Refusal } from './mail-server';

export class ConnectionEnded extends Error {
  constructor(
    message: string,
    readonly stage: Refusal['stage'] | null = null,
  ) {
    super(message);
  }
}

/** The server does not open this folder, or gives nothing out of it. */
export class FolderRefused extends ConnectionEnded {}
