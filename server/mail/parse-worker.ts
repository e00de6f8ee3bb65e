// The worker thread that reads mails (ABUSE F1 to F8). Bundled into the asset workers/parse.js.
import { answerWith } from '../jobs/in-thread';
import { assertSanitiserWorks, sanitizeHtml } from '../lib/sanitize-html';
import { readMail } from './read-mail';

assertSanitiserWorks(sanitizeHtml);

answerWith(async (raw: Uint8Array) => {
  const answer = await readMail(raw);
  return { answer, transfer: answer.attachments.map((file) => file.content.buffer as ArrayBuffer) };
});
