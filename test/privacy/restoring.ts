// A folder that is set up, backed up, and restored into another one.
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHouse } from '../../server/boot';
import { readConfig } from '../../server/config';
import { prepareFolder, readKey } from '../../server/data-folder';
import { type Restored, restoreBackup } from '../../server/privacy';

export const freshFolder = () => mkdtempSync(join(tmpdir(), 'restored-'));

/** As the command does it. */
export async function restore(data: string, from: string, ledger?: string): Promise<Restored> {
  prepareFolder(data);
  const key = existsSync(join(data, 'secret.key')) ? readKey(data) : undefined;
  const open = (folder: string, opened: Buffer) => openHouse(readConfig({ data: folder }), { key: opened });
  return restoreBackup({ data, from, ledger, key, open });
}
