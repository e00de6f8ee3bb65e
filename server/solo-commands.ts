// Commands that never go to a running server: they make, replace or only look.
import { existsSync } from 'node:fs';
import { openHouse } from './boot';
import type { CommandResult, CommandValues } from './commands';
import { readConfig } from './config';
import { hasDatabase, keyFile, lockFolder, prepareFolder, readKey } from './data-folder';
import { examine } from './doctor';
import { Conflict, Invalid } from './lib/errors';
import { restoreBackup, verifyFile } from './privacy';
import { migrateFolder } from './upgrade';
import { VERSION } from './version';

type SoloCommand = (values: CommandValues) => Promise<CommandResult>;

export const soloCommands: Record<string, SoloCommand> = {
  version: async () => ({ exit: 0, lines: [`hearthdesk ${VERSION}`], facts: { version: VERSION } }),
  restore,
  verify: async (values) => {
    const { data } = readConfig(values);
    return verifyFile(need(values, 'file', 'verify needs the name of a file.'), data, () => keyOf(data));
  },
  migrate: (values) => migrateFolder(readConfig(values).data),
  doctor: (values) => examine(readConfig(values).data),
};

async function restore(values: CommandValues): Promise<CommandResult> {
  const config = readConfig(values);
  const { data } = config;
  const from = need(values, 'from', 'restore needs --from with the name of a backup.');
  prepareFolder(data);
  const lock = lockFolder(data);
  try {
    if (hasDatabase(data))
      throw Conflict(
        `There is a Hearthdesk in ${data} already; restore only fills a folder without hearthdesk.db.`,
      );
    const key = existsSync(keyFile(data)) ? readKey(data) : undefined;
    const open = (folder: string, opened: Buffer) => openHouse({ ...config, data: folder }, { key: opened });
    const restored = await restoreBackup({ data, from, ledger: values['ledger'], key, open });
    const { made, tickets, erasedAgain, held, otherKey } = restored;
    const lines = [
      `Restored what was there at ${made}. Tickets: ${tickets}; people erased again: ${erasedAgain}; unsent mails held back: ${held}.`,
      ...(otherKey
        ? [
            "The folder kept its own secret.key, which is another than the backup's: enter the passwords of mail accounts anew.",
          ]
        : []),
    ];
    return { exit: 0, lines, facts: { ...restored } };
  } finally {
    lock.release();
  }
}

function need(values: CommandValues, option: string, says: string): string {
  const value = values[option];
  if (!value) throw Invalid(`hearthdesk ${says}`);
  return value;
}

/** Only to look with: a folder without a key gets none. */
function keyOf(data: string): Buffer {
  if (!existsSync(keyFile(data)))
    throw Invalid(`There is no secret.key in ${data}; a certificate is checked where it was made.`);
  return readKey(data);
}
