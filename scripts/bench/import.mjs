// Old mail brought as a file while the server runs: how many mails a second are found, stored, parsed and filed.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const MAILS = 2_000;
const ANSWERS = 4;

export async function imported({ executable, folder }, tickets) {
  const own = mkdtempSync(join(tmpdir(), 'bench-import-'));
  try {
    const file = join(own, 'old.mbox');
    writeFileSync(file, archive());
    const begun = performance.now();
    const said = await promisify(execFile)(executable, [
      'import',
      '--data',
      folder,
      '--from',
      file,
      '--json',
    ]);
    const { filed } = JSON.parse(said.stdout);
    const perSecond = Math.round(filed / ((performance.now() - begun) / 1000));
    console.error(`${tickets} import: ${filed} mails, ${perSecond} a second`);
    return { filed, perSecond };
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** Conversations of five mails, a week old and more. */
function archive() {
  const mark = randomBytes(8).toString('hex');
  const id = (n) => `${mark}.${n}@mail.example`;
  const mails = Array.from({ length: MAILS }, (_, n) => {
    const first = n - (n % (ANSWERS + 1));
    const date = new Date(Date.now() - 7 * 86_400_000 - (MAILS - n) * 60_000)
      .toUTCString()
      .replace('GMT', '+0000');
    return [
      `From - ${date.replace(',', '')}`.replace(/(\d+ \w{3}) (\d{4}) (\S+) .*/, '$1 $3 $2'),
      `From: Old Customer <old.${first % 300}@mail.example>`,
      'To: support@teapot.example',
      `Subject: Old question ${first}`,
      `Message-ID: <${id(n)}>`,
      ...(n === first ? [] : [`In-Reply-To: <${id(n - 1)}>`, `References: <${id(first)}> <${id(n - 1)}>`]),
      `Date: ${date}`,
      'Content-Type: text/plain; charset=utf-8',
      '',
      `Hello,\n\nwhere is my order ${n}? It should have been here on Monday.\n\nOn Thu, 19 Nov 2026 at 10:00, Teapot wrote:\n> Your order has left our house.`,
      '',
      '',
    ].join('\n');
  });
  return mails.join('');
}
