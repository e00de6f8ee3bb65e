// SQL over files and what they are attached to.
import { change, insert, query, queryColumn, queryOne } from '../db';

export type OwnerKind = 'message' | 'draft';

export interface AttachmentRow {
  id: number;
  file_id: number;
  owner_kind: OwnerKind;
  owner_id: number;
  name: string;
  type: string;
  declared_type: string;
  content_id: string | null;
  is_inline: number;
  size: number;
  created_at: number;
  disk_name: string;
  sha256: string;
}

const COLUMNS = 'attachments.*, files.disk_name, files.sha256';

export const findFileByHash = queryOne<[sha256: string, size: number], { id: number; disk_name: string }>(
  'SELECT id, disk_name FROM files WHERE sha256 = ? AND size = ?',
);
export const insertFile = insert<[diskName: string, sha256: string, size: number, now: number]>(
  'INSERT INTO files (disk_name, sha256, size, created_at) VALUES (?, ?, ?, ?)',
);
export const insertAttachment = insert<
  [
    fileId: number,
    ownerKind: OwnerKind,
    ownerId: number,
    name: string,
    type: string,
    declaredType: string,
    contentId: string | null,
    isInline: number,
    size: number,
    now: number,
  ]
>(`INSERT INTO attachments (file_id, owner_kind, owner_id, name, type, declared_type, content_id, is_inline, size, created_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
/** In the order they were attached. */
export const findAttachments = query<[ownerKind: OwnerKind, ownerId: number], AttachmentRow[]>(
  `SELECT ${COLUMNS} FROM attachments JOIN files ON files.id = file_id WHERE owner_kind = ? AND owner_id = ? ORDER BY attachments.id`,
);
/** Of every message of a ticket's page, in one question. `ids` is a JSON array of their numbers. */
export const findAttachmentsOfMessages = query<[ids: string], AttachmentRow[]>(
  `SELECT ${COLUMNS} FROM json_each(?) AS ids CROSS JOIN attachments ON owner_kind = 'message' AND owner_id = ids.value
     JOIN files ON files.id = file_id ORDER BY attachments.id`,
);
export const findAttachment = queryOne<[ownerKind: OwnerKind, ownerId: number, id: number], AttachmentRow>(
  `SELECT ${COLUMNS} FROM attachments JOIN files ON files.id = file_id WHERE owner_kind = ? AND owner_id = ? AND attachments.id = ?`,
);
export const moveAttachments = change<[toKind: OwnerKind, toId: number, fromKind: OwnerKind, fromId: number]>(
  'UPDATE attachments SET owner_kind = ?, owner_id = ? WHERE owner_kind = ? AND owner_id = ?',
);
export const deleteAttachmentsOf = change<[ownerKind: OwnerKind, ownerId: number]>(
  'DELETE FROM attachments WHERE owner_kind = ? AND owner_id = ?',
);
export const deleteAttachment = change<[ownerKind: OwnerKind, ownerId: number, id: number]>(
  'DELETE FROM attachments WHERE owner_kind = ? AND owner_id = ? AND id = ?',
);
export const findUnusedFiles = query<[limit: number], { id: number; disk_name: string }[]>(`
  SELECT id, disk_name FROM files
   WHERE NOT EXISTS (SELECT 1 FROM attachments WHERE attachments.file_id = files.id) LIMIT ?`);
export const deleteFile = change<[id: number]>('DELETE FROM files WHERE id = ?');
export const findDiskNames = queryColumn<[], string>('SELECT disk_name FROM files');
