// Hangs stored files on a message or a draft, one copy on disk for the same bytes.
import type { App } from '../app';
import { reportError } from '../lib/report-error';
import { cleanFileName, safeType } from './attachment';
import {
  deleteAttachmentsOf,
  findFileByHash,
  insertAttachment,
  insertFile,
  moveAttachments,
  type OwnerKind,
} from './queries';
import { removeStored, type StoredFile } from './store';

export interface NewAttachment {
  file: StoredFile;
  /** As the sender called it; cleaned here (AC-05). */
  name: string;
  declaredType: string;
  /** As sniffed from the bytes, or empty. */
  type: string;
  contentId?: string;
  inline?: boolean;
}

/** Inside the transaction that creates the owner. Returns the attachment's id. */
export function attach(app: App, owner: { kind: OwnerKind; id: number }, given: NewAttachment): number {
  const { file } = given;
  const now = app.clock.now();
  const known = findFileByHash(app.db, file.sha256, file.size);
  if (known && known.disk_name !== file.diskName) {
    app.db.afterCommit(() => {
      removeStored(app, file.diskName).catch((error) =>
        reportError(app.log, 'removing a second copy of a file', error),
      );
    });
  }
  const fileId = known?.id ?? insertFile(app.db, file.diskName, file.sha256, file.size, now);
  const name = cleanFileName(given.name);
  const type = safeType(given.type);
  const inline = given.inline ? 1 : 0;
  return insertAttachment(
    app.db,
    fileId,
    owner.kind,
    owner.id,
    name,
    type,
    given.declaredType.slice(0, 200),
    given.contentId ?? null,
    inline,
    file.size,
    now,
  );
}

/** A draft's files become its message's. */
export const handAttachmentsOn = (
  app: App,
  from: { kind: OwnerKind; id: number },
  to: { kind: OwnerKind; id: number },
) => moveAttachments(app.db, to.kind, to.id, from.kind, from.id);

/** The files themselves go with the next sweep, or at once with `sweepFiles`. */
export const detachAll = (app: App, owner: { kind: OwnerKind; id: number }) =>
  deleteAttachmentsOf(app.db, owner.kind, owner.id);
