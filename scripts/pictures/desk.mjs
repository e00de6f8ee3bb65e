// A desk to take pictures of: demo data and a few mails of today, behind HTTPS, with a mail server that takes everything.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SMTPServer } from 'smtp-server';

const TICKETS = '1000';
export const OLGA = { email: 'olga@teapot.example', password: 'a teapot of her own' };
/** One of the demo's colleagues; he has work to do. */
const COLLEAGUE = 'colleague.10@teapot.example';
const SUPPORT = 'support@teapot.example';

/** `executable` is dist/hearthdesk. Returns where it is served, a link for the colleague's password, and ways to feed it. */
export async function openDesk(executable) {
  const folder = mkdtempSync(join(tmpdir(), 'hearthdesk-pictures-'));
  const data = join(folder, 'data');
  const run = (options, input) =>
    execFileSync(executable, [...options, '--data', data], { input, encoding: 'utf8' });
  const inFolder = (name, content) => {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  const post = await takeAllMail();
  const smtp = { host: 'localhost', port: post.port, security: 'none', user: '' };
  const mailbox = inFolder('mailbox.json', JSON.stringify({ address: SUPPORT, senderName: 'Teapot', smtp }));
  const password = inFolder('password', OLGA.password);
  const owner = ['--owner-name', 'Olga Berg', '--owner-email', OLGA.email, '--owner-password-file', password];
  run(['setup', '--company', 'Teapot', '--time-zone', 'Europe/Oslo', '--mailbox-file', mailbox, ...owner]);
  run(['demo', '--tickets', TICKETS]);

  const { child, origin } = await serve(executable, folder, data);
  const link = run(['reset-password', '--email', COLLEAGUE, '--public-url', origin]).match(/https:\S+/)?.[0];
  return {
    origin,
    link,
    deliver: (mail) => run(['deliver', '--mailbox', SUPPORT], mail),
    async close() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      post.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function serve(executable, folder, data) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  execFileSync('openssl', ['req', ...kind, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], {
    stdio: 'pipe',
  });
  const options = [
    '--data',
    data,
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--tls-cert',
    cert,
    '--tls-key',
    key,
  ];
  const child = spawn(executable, ['serve', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    const [port] = line.match(/(?<=Hearthdesk is at https:\/\/\S+:)\d+/) ?? [];
    if (!port) continue;
    child.stdout.resume();
    return { child, origin: `https://localhost:${port}` };
  }
  throw new Error('The server ended before it began.');
}

async function takeAllMail() {
  const server = new SMTPServer({
    name: 'mx.mail.example',
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, done) {
      stream.resume().on('end', () => done(null, 'queued as 7C41B'));
    },
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { port: server.server.address().port, close: () => server.close() };
}
