// The desk that is killed: its folder, its server, a mail server that counts, and how all of them are asked.
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { SMTPServer } from 'smtp-server';

const PASSWORD = 'a password for killing';

/** A data folder of the executable's own, answering on `port`. */
export function openDesk({ executable, data, port }) {
  const origin = `http://127.0.0.1:${port}`;

  function prepareFolder() {
    const secret = join(data, 'password.txt');
    writeFileSync(secret, PASSWORD);
    const options = [
      '--company',
      'Teapot',
      '--owner-name',
      'Olga Owner',
      '--owner-email',
      'owner@teapot.example',
      '--owner-password-file',
      secret,
    ];
    const { status, stderr } = spawnSync(executable, ['setup', '--data', data, ...options], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
  }

  /** A mailbox that sends through our SMTP server, one second after a reply was written. */
  async function openMailbox(cookie, smtpPort) {
    const server = (name, host, port) => ({
      [`${name}Host`]: host,
      [`${name}Port`]: String(port),
      [`${name}Security`]: 'none',
      [`${name}User`]: 'support',
      [`${name}Password`]: 'secret',
    });
    const form = {
      address: 'support@teapot.example',
      senderName: 'Teapot',
      ...server('imap', '', 143),
      imapFolder: '',
      usesSmtp: 'on',
      ...server('smtp', '127.0.0.1', smtpPort),
      firstFetch: 'now',
      reopenClosed: 'days',
      reopenDays: '30',
      undoSeconds: '1',
    };
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(`${origin}/settings/mailboxes`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(form),
      redirect: 'manual',
    });
    if (answer.status !== 303) throw new Error(`the mailbox could not be added: ${answer.status}`);
  }

  async function startServer() {
    const child = spawn(
      executable,
      ['serve', '--data', data, '--port', String(port), '--host', '127.0.0.1'],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    for (let tries = 0; tries < 200; tries++) {
      if (child.exitCode !== null) throw new Error('the server did not start again');
      const answer = await fetch(`${origin}/health`).catch(() => undefined);
      if (answer?.ok) return child;
      await pause(30);
    }
    throw new Error('the server does not answer');
  }

  async function signIn() {
    const body = new URLSearchParams({ email: 'owner@teapot.example', password: PASSWORD });
    const answer = await fetch(`${origin}/sign-in`, { method: 'POST', body, redirect: 'manual' });
    return answer.headers.get('set-cookie').split(';')[0];
  }

  function deliver(mail) {
    return new Promise((resolve, reject) => {
      const socket = createConnection(join(data, 'control.sock'));
      let said = '';
      socket.once('error', reject);
      socket.on('data', (chunk) => {
        said += chunk;
      });
      socket.once('close', () => {
        if (said && JSON.parse(said).exit === 0) resolve(true);
        else reject(new Error('not kept'));
      });
      socket.write(`${JSON.stringify({ command: 'deliver', values: {}, bytes: mail.length })}\n${mail}`);
    });
  }

  function ask(question, options = { readonly: true }) {
    const db = new Sqlite(join(data, 'hearthdesk.db'), options);
    try {
      return question(db);
    } finally {
      db.close();
    }
  }

  function countUncertain() {
    return ask((db) => db.prepare("SELECT count(*) FROM outbox WHERE state = 'uncertain'").pluck().get());
  }

  return { origin, prepareFolder, openMailbox, startServer, signIn, deliver, ask, countUncertain };
}

export function startSmtp(random) {
  const received = [];
  const server = new SMTPServer({
    authOptional: true,
    onAuth: (_auth, _session, done) => done(null, { user: 'support' }),
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let mail = '';
      stream.on('data', (chunk) => {
        mail += chunk;
      });
      stream.on('end', () => {
        received.push(mail.replaceAll('=\r\n', ''));
        setTimeout(() => done(null, 'kept for testing'), random() * 60);
      });
    },
  });
  // A server that is killed breaks its connections off; that is what is tested here.
  server.on('error', (error) => {
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') throw error;
  });
  return new Promise((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () =>
      resolve({ received, port: listening.address().port, close: () => server.close() }),
    );
  });
}
