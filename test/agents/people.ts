// What tests about accounts share: a password that works, links out of mails.
import type { Agent } from '../../server/agents';
import { hashPassword } from '../../server/agents/passwords';
import { updatePassword } from '../../server/agents/queries';
import { saveMailbox } from '../../server/mail';
import type { Desk } from '../support/desk';

export const PASSWORD = 'a kettle for two';

let hash: Promise<string> | undefined;

export async function givePassword({ app }: Pick<Desk, 'app'>, ...agents: Agent[]): Promise<void> {
  hash ??= hashPassword(PASSWORD);
  const known = await hash;
  for (const agent of agents) updatePassword(app.db, known, agent.id);
}

/** A mailbox that can send, so that links go out by mail. */
export function giveMailbox({ app, owner }: Desk): void {
  const smtp = {
    host: 'smtp.teapot.example',
    port: 465,
    security: 'tls' as const,
    user: 'desk',
    password: 'secret',
  };
  const rest = {
    firstFetchDays: 0,
    plusAddresses: false,
    reopenClosed: 'days' as const,
    reopenDays: 30,
    undoSeconds: 10,
    keepSent: false,
  };
  app.db.tx(() =>
    saveMailbox(app, owner, {
      address: 'desk@teapot.example',
      senderName: 'Teapot',
      imap: undefined,
      smtp,
      ...rest,
    }),
  );
}

export interface QueuedMail {
  to: string;
  subject: string;
  text: string;
  html: string;
  automatic: boolean;
}

/** Everything in the outbox, oldest first. */
export function mailsOf({ app }: Desk): QueuedMail[] {
  const rows = app.db.sql.prepare('SELECT mail FROM outbox ORDER BY id').pluck().all() as string[];
  return rows.map((row) => {
    const mail = JSON.parse(row) as QueuedMail & { to: { address: string }[] };
    return { ...mail, to: mail.to.map(({ address }) => address).join(', ') };
  });
}

/** The path of the link in a mail. */
export const pathIn = (mail: QueuedMail | undefined): string =>
  /https?:\/\/[^/\s]+(\/\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
