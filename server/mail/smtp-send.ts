// Hands one mail to an SMTP server and says exactly what became of it (O1).
import { Readable } from 'node:stream';
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { Invalid } from '../lib/errors';
import { validAddress } from './addresses';
import { type Patience, type Refusal, withoutSecrets } from './mail-server';
import { leave, openSmtp, type Smtp, type SmtpError, type SmtpSettings, step } from './smtp';

export interface MailToSend {
  /** Single plain addresses, as `validAddress` returns them; exactly these stand in MAIL FROM and RCPT TO. `null` is the path <> of what must not be answered. */
  envelope: { from: string | null; to: string[] };
  raw: Buffer;
}

export interface RejectedRecipient {
  address: string;
  answer: string;
}

/** `answer` is always the server's literal words. */
export type SendOutcome =
  /** The server took it, for `accepted` at least. */
  | { kind: 'sent'; server: string; answer: string; accepted: string[]; rejected: RejectedRecipient[] }
  /** The server said no, and has not got it. Not permanent: worth another try later. */
  | {
      kind: 'refused';
      server: string;
      permanent: boolean;
      stage: 'sign-in' | 'sender' | 'recipients' | 'size' | 'message';
      answer: string;
      rejected: RejectedRecipient[];
    }
  /** It was not handed over; worth another try later. */
  | { kind: 'unreachable'; server: string; reason: Refusal['code']; answer?: string }
  /** It was handed over, and the answer never came: the server may have it or not. Never to be sent again by itself. */
  | { kind: 'uncertain'; server: string; reason: 'closed' | 'timeout' };

/** RFC 5321 4.5.3.2.6: a server may take ten minutes to say what became of a mail. */
export const SEND_PATIENCE: Patience = { connect: 15_000, greeting: 30_000, quiet: 10 * 60_000 };
const CHUNK = 64 * 1024;

/**
 * Sends over a connection of its own. `beforeOffer` is awaited when the server is ready and before it hears of the
 * mail: what it commits (`handing over`) tells after a crash that the mail may be on its way. What it throws is thrown
 * on, and nothing was sent. Throws Invalid for an address that `validAddress` does not return as it is.
 */
export async function sendMail(
  settings: SmtpSettings,
  mail: MailToSend,
  beforeOffer: () => Promise<void>,
  patience = SEND_PATIENCE,
): Promise<SendOutcome> {
  const { from, to } = mail.envelope;
  for (const address of from === null ? to : [from, ...to]) {
    if (validAddress(address) !== address)
      throw Invalid('A mail can only go to plain addresses like name@example.com.');
  }
  const opened = await openSmtp(settings, patience);
  if (!opened.ok) return notOpened(settings, opened);
  const { connection } = opened.smtp;
  try {
    await beforeOffer();
  } catch (error) {
    connection.close();
    throw error;
  }
  return offer(opened.smtp, settings, mail);
}

async function offer(
  { connection, sizeLimit }: Smtp,
  settings: SmtpSettings,
  { envelope, raw }: MailToSend,
): Promise<SendOutcome> {
  const server = settings.host;
  const use8BitMime = raw.some((byte) => byte > 0x7f);
  let handedOver = false;
  const message = inChunks(raw, () => {
    handedOver = true;
  });
  try {
    const sent = await step<SMTPConnectionSendInfo>(connection, (done) => {
      connection.send(
        { to: envelope.to, from: envelope.from ?? '', size: raw.length, use8BitMime },
        message,
        done,
      );
    });
    leave(connection);
    return {
      kind: 'sent',
      server,
      answer: sent.response,
      accepted: sent.accepted,
      rejected: rejectedIn(sent),
    };
  } catch (cause) {
    connection.close();
    const error = cause as SmtpError;
    const answer = error.response ? withoutSecrets(error.response, settings) : undefined;
    if (handedOver && !(error.code === 'EMESSAGE' && answer)) {
      return { kind: 'uncertain', server, reason: error.code === 'ETIMEDOUT' ? 'timeout' : 'closed' };
    }
    if (error.code === 'EMESSAGE' && !answer) {
      return {
        kind: 'refused',
        server,
        permanent: true,
        stage: 'size',
        answer: `SIZE ${sizeLimit}`,
        rejected: [],
      };
    }
    if (!answer) return { kind: 'unreachable', server, reason: 'lost' };
    const rejected = rejectedIn(error);
    const permanent =
      rejected.length > 0 ? rejected.every((one) => one.answer.startsWith('5')) : answer.startsWith('5');
    return { kind: 'refused', server, permanent, stage: stageOf(error), answer, rejected };
  }
}

/** The server said no before it heard of the mail. */
export const isSignInRefused = (outcome: SendOutcome): boolean =>
  outcome.kind === 'refused' && outcome.stage === 'sign-in';

/** A sign-in that is refused is a matter of the mailbox, which may be mended while the mail waits. */
export function notOpened(settings: SmtpSettings, { stage, code, answer }: Refusal): SendOutcome {
  const server = settings.host;
  if (stage === 'sign-in' && code === 'refused' && answer)
    return { kind: 'refused', server, permanent: false, stage, answer, rejected: [] };
  return { kind: 'unreachable', server, reason: code, answer };
}

function stageOf({ command }: SmtpError): 'sender' | 'recipients' | 'message' {
  if (command === 'MAIL FROM') return 'sender';
  return command === 'RCPT TO' ? 'recipients' : 'message';
}

function rejectedIn(result: object): RejectedRecipient[] {
  const { rejectedErrors = [] } = result as { rejectedErrors?: (SmtpError & { recipient?: string })[] };
  return rejectedErrors.map(({ recipient = '', response = '' }) => ({
    address: recipient,
    answer: response,
  }));
}

/**
 * The mail as a stream that tells when its last piece is taken: until then the dot that ends a mail cannot have been
 * sent, and a server that loses the connection throws away what it has (RFC 5321 4.1.1.4).
 */
function inChunks(raw: Buffer, onLast: () => void): Readable {
  let at = 0;
  return new Readable({
    read() {
      const piece = raw.subarray(at, at + CHUNK);
      at += piece.length;
      if (at >= raw.length) onLast();
      this.push(piece);
      if (at >= raw.length) this.push(null);
    },
  });
}
