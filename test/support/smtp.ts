// A real SMTP server for tests: keeps what it is given, and misbehaves when asked to.
import { EventEmitter, once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { type Certificate, selfSigned } from './certificates';

export interface ReceivedMail {
  envelope: { from: string; to: string[] };
  raw: Buffer;
  /** Unfolded header lines, as they came. */
  headers: string[];
  /** First value of a header, unfolded; undefined when there is none. */
  header(name: string): string | undefined;
}

export interface SmtpOptions {
  /** Needed to sign in; without, nobody has to. */
  auth?: { user: string; password: string };
  /** Whether a token opens a mailbox: only those who have one sign in. */
  token?: (user: string, token: string) => boolean;
  /** True: TLS from the first byte. Otherwise STARTTLS is offered. */
  tls?: boolean;
  certificate?: Certificate;
  /** False: STARTTLS is not known. */
  startTls?: boolean;
  size?: number;
  pipelining?: boolean;
  name?: string;
  /** "550 5.1.1 no such user" refuses a recipient; undefined takes it. */
  refuse?: (recipient: string) => string | undefined;
  refuseSender?: (sender: string) => string | undefined;
  /** The answer to the whole mail; "250 …" is the usual one. */
  answer?: (mail: ReceivedMail) => string | undefined;
  /** Breaks the connection: at a recipient, when DATA begins, in the middle of it, or instead of its answer. */
  dropAt?: 'recipient' | 'data' | 'middle' | 'answer';
  /** Never answers the mail. */
  silent?: boolean;
}

export interface Smtp {
  host: string;
  port: number;
  certificate: Certificate;
  options: SmtpOptions;
  mails: ReceivedMail[];
  /** What clients said, line by line, as it came; passwords left out. */
  commands: string[];
  /** Connections so far. */
  connections: number;
  /** Resolves with all mails when there are as many. */
  received(count: number): Promise<ReceivedMail[]>;
  stop(): Promise<void>;
  /** On the same port. */
  start(): Promise<void>;
}

/** Its `options` may be changed while it runs, but those that the greeting tells. */
export async function startSmtp(options: SmtpOptions = {}): Promise<Smtp> {
  const certificate = options.certificate ?? selfSigned();
  const events = new EventEmitter();
  const sockets = new Set<Socket>();
  let server: SMTPServer;

  const smtp: Smtp = {
    host: '127.0.0.1',
    port: 0,
    certificate,
    options,
    mails: [],
    commands: [],
    connections: 0,
    async received(count) {
      while (smtp.mails.length < count) await once(events, 'mail');
      return smtp.mails;
    },
    async start() {
      server = build();
      await new Promise<void>((ready) => server.listen(smtp.port, smtp.host, ready));
      smtp.port = (server.server.address() as AddressInfo).port;
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  await smtp.start();
  return smtp;

  function build(): SMTPServer {
    const disabledCommands = [
      ...(options.auth || options.token ? [] : ['AUTH']),
      ...(options.startTls === false ? ['STARTTLS'] : []),
    ];
    const built = new SMTPServer({
      name: options.name ?? 'smtp.example.test',
      banner: 'ready',
      secure: options.tls === true,
      key: certificate.key,
      cert: certificate.cert,
      disabledCommands,
      allowInsecureAuth: true,
      authOptional: !options.auth && !options.token,
      ...(options.token ? { authMethods: ['XOAUTH2'] } : {}),
      size: options.size,
      hidePIPELINING: options.pipelining === false,
      disableReverseLookup: true,
      logger: { ...silence, debug: keepCommand },
      onConnect: (_session, done) => {
        smtp.connections += 1;
        done();
      },
      onAuth: ({ username, password, accessToken }, _session, done) => {
        if (options.token) {
          const opens = options.token(username ?? '', accessToken ?? '');
          const no = {
            message: '5.7.3 Authentication unsuccessful',
            data: { status: '401', schemes: 'Bearer' },
          };
          return done(null, opens ? { user: username } : no);
        }
        const right = username === options.auth?.user && password === options.auth?.password;
        done(
          right ? null : failure('535 5.7.8 authentication failed'),
          right ? { user: username } : undefined,
        );
      },
      onMailFrom: ({ address }, _session, done) => done(failure(options.refuseSender?.(address))),
      onRcptTo: ({ address }, session, done) => {
        if (options.dropAt === 'recipient') return hangUp(session);
        done(failure(options.refuse?.(address)));
      },
      onData: (stream, session, done) => {
        if (options.dropAt === 'data') return hangUp(session);
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => {
          parts.push(part);
          if (options.dropAt === 'middle') hangUp(session);
        });
        stream.on('end', () => {
          const mail = readMail(session, Buffer.concat(parts));
          const answer = options.answer?.(mail) ?? '250 2.0.0 OK: queued as 4F2A';
          if (answer.startsWith('2')) smtp.mails.push(mail);
          events.emit('mail');
          if (options.dropAt === 'answer') return hangUp(session);
          if (options.silent) return;
          done(failure(answer), answer.slice(4));
        });
      },
    });
    built.on('error', () => {});
    built.server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    return built;
  }

  function keepCommand(entry: { tnx?: string }, _format: string, line?: string): void {
    if (entry.tnx === 'command' && line) smtp.commands.push(line);
  }

  function hangUp({ remotePort }: SMTPServerSession): void {
    for (const socket of sockets) if (socket.remotePort === remotePort) socket.destroy();
  }
}

const ignore = () => {};
const silence = { trace: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore };

/** Null for an answer that takes what was offered. */
function failure(answer: string | undefined): Error | null {
  if (!answer || answer.startsWith('2')) return null;
  return Object.assign(new Error(answer.slice(4)), { responseCode: Number(answer.slice(0, 3)) });
}

function readMail({ envelope }: SMTPServerSession, raw: Buffer): ReceivedMail {
  const head = raw.toString('latin1').split('\r\n\r\n')[0] ?? '';
  const headers = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const from = envelope.mailFrom ? envelope.mailFrom.address : '';
  return {
    envelope: { from, to: envelope.rcptTo.map(({ address }) => address) },
    raw,
    headers,
    header: (name) =>
      headers
        .find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
        ?.replace(/^[^:]*:\s*/, ''),
  };
}
