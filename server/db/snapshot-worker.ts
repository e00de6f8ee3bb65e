// Copies a database as it stands at one moment, in a thread of its own: one read transaction, nobody waits.
import { answerWith } from '../jobs/in-thread';
import { openDatabase } from './database';

answerWith(async ({ file, out }: { file: string; out: string }) => {
  const db = openDatabase(file, { readonly: true });
  try {
    // All pages in one step: in several steps every commit of the server would begin the copy anew.
    const { totalPages } = await db.sql.backup(out, { progress: () => 0x7fff_ffff });
    return { answer: { pages: totalPages }, transfer: [] };
  } finally {
    db.close();
  }
});
