// An IMAP server of a few lines that behaves as the strange ones do; for what Dovecot is too well-behaved to show.
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface OddImap {
  port: number;
  /** What clients said, without tags, passwords left out. */
  said: string[];
  stop(): Promise<void>;
}

export interface OddOptions {
  /** Instead of `* OK ready`. */
  greeting?: string;
  capability?: string;
  mails?: { uid: number; raw: string; size?: number }[];
  /** Untagged lines of EXAMINE besides EXISTS. */
  onExamine?: string[];
  /** Answers a command itself: the tagged text, e.g. `NO not this one`, or `drop`; undefined leaves it to the rest. */
  answer?: (command: string) => string | undefined;
}

export async function startOddImap(options: OddOptions = {}): Promise<OddImap> {
  const said: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.write(`${options.greeting ?? '* OK ready'}\r\n`);
    let rest = '';
    socket.on('data', (data) => {
      const lines = (rest + data.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) obey(socket, line);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));

  function obey(socket: Socket, line: string) {
    const [tag = '', ...words] = line.split(' ');
    const command = words.join(' ');
    said.push(/^LOGIN/.test(command) ? 'LOGIN' : command);
    const own = options.answer?.(command);
    if (own === 'drop') return socket.destroy();
    if (own) return socket.write(`${tag} ${own}\r\n`);
    for (const answer of untagged(command)) socket.write(Buffer.from(`* ${answer}\r\n`, 'latin1'));
    socket.write(
      `${tag} ${/^(NAMESPACE|ENABLE|STATUS|IDLE)/.test(command) ? 'BAD unknown command' : 'OK done'}\r\n`,
    );
  }

  function untagged(command: string): string[] {
    const mails = options.mails ?? [];
    if (command === 'CAPABILITY') return [`CAPABILITY ${options.capability ?? 'IMAP4rev1'}`];
    if (/^LIST/.test(command)) return ['LIST (\\HasNoChildren) "/" INBOX'];
    if (/^EXAMINE/.test(command))
      return [`${mails.length} EXISTS`, ...(options.onExamine ?? ['OK [UIDVALIDITY 7] fine'])];
    if (command === 'LOGOUT') return ['BYE see you'];
    const [, byUid, range = '', query = ''] = /^(UID )?FETCH (\S+) (.*)$/.exec(command) ?? [];
    return mails.flatMap(({ uid, raw, size }, index) => {
      if (!isIn(byUid ? uid : index + 1, range, mails.at(-1)?.uid ?? 0)) return [];
      const items = [`UID ${uid}`];
      if (query.includes('RFC822.SIZE')) items.push(`RFC822.SIZE ${size ?? raw.length}`);
      if (query.includes('BODY.PEEK[]')) items.push(`BODY[] {${raw.length}}\r\n${raw}`);
      if (query.includes('BODY.PEEK[HEADER]')) items.push(`BODY[HEADER] {${raw.length}}\r\n${raw}`);
      return [`${index + 1} FETCH (${items.join(' ')})`];
    });
  }

  return {
    port: (server.address() as AddressInfo).port,
    said,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** `5:*` includes the last mail even if its UID is lower (RFC 3501 6.4.8). */
function isIn(uid: number, range: string, last: number): boolean {
  return range.split(',').some((part) => {
    const [from = 0, to = from] = part.split(':').map((end) => (end === '*' ? last : Number(end)));
    return uid >= Math.min(from, to) && uid <= Math.max(from, to);
  });
}
