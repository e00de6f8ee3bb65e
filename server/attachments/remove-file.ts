// Takes a file off everything it hangs on; the bytes go with the next sweep.
import type { App } from '../app';
import { change, query } from '../db';

const findOwners = query<
  [diskName: string],
  { id: number; owner_kind: 'message' | 'draft'; owner_id: number }[]
>(
  'SELECT attachments.id, owner_kind, owner_id FROM files JOIN attachments ON attachments.file_id = files.id WHERE disk_name = ?',
);
const deleteById = change<[id: number]>('DELETE FROM attachments WHERE id = ?');

/** Inside a transaction. Returns the messages and drafts that lost it. */
export function removeFileEverywhere(
  app: App,
  diskName: string,
): { kind: 'message' | 'draft'; id: number }[] {
  const owners = findOwners(app.db, diskName);
  for (const owner of owners) deleteById(app.db, owner.id);
  return owners.map((owner) => ({ kind: owner.owner_kind, id: owner.owner_id }));
}
