// Beginning an import, and what a person can decide about one: pause, continue, cancel, undo.
import type { App } from '../../app';
import { type Actor, record } from '../../events';
import type { Brought } from './brought';
import {
  findRun,
  type ImportOptions,
  type ImportRun,
  insertFile,
  insertRun,
  mayUndo,
  updateFiles,
  updateState,
} from './import';
import { enqueueImport } from './work';

/** Inside a transaction, when the files are in the data folder. */
export function beginImport(
  app: App,
  actor: Actor,
  mailbox: { id: number },
  options: ImportOptions,
  files: Brought[],
): number {
  const startedBy = actor.kind === 'agent' ? actor.id : null;
  const id = insertRun(app.db, mailbox.id, startedBy, JSON.stringify(options), app.clock.now());
  for (const { name, folder, kind, diskName, size } of files)
    insertFile(app.db, id, name.slice(-300), folder, kind, diskName, size);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  updateFiles(app.db, files.length, bytes, id);
  record(app, 'import.begun', actor, { id }, { files: files.length });
  enqueueImport(app, id);
  return id;
}

/** False when there is nothing to pause. */
export function pauseImport(app: App, actor: Actor, { id }: ImportRun): boolean {
  if (findRun(app.db, id)?.state !== 'running') return false;
  updateState(app.db, 'paused', null, id);
  record(app, 'import.paused', actor, { id });
  return true;
}

export function continueImport(app: App, actor: Actor, { id }: ImportRun): boolean {
  if (findRun(app.db, id)?.state !== 'paused') return false;
  updateState(app.db, 'running', null, id);
  record(app, 'import.continued', actor, { id });
  enqueueImport(app, id);
  return true;
}

/** What was filed stays until it is undone; the rest is not looked at any more. */
export function cancelImport(app: App, actor: Actor, { id }: ImportRun): boolean {
  const state = findRun(app.db, id)?.state;
  if (state !== 'running' && state !== 'paused') return false;
  updateState(app.db, 'cancelled', null, id);
  record(app, 'import.cancelled', actor, { id });
  enqueueImport(app, id);
  return true;
}

/** Takes away all that only this import has brought, step by step. Inside a transaction. */
export function undoImport(app: App, actor: Actor, { id }: ImportRun): boolean {
  const run = findRun(app.db, id);
  if (!run || !mayUndo(run, app.clock.now())) return false;
  updateState(app.db, 'undoing', null, id);
  record(app, 'import.undone', actor, { id });
  enqueueImport(app, id);
  return true;
}
