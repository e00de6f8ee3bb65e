// The server's log: JSON lines on standard output, without addresses, words or tokens (P11, AC-60).
import pino from 'pino';

export interface Log {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

const SECRETS = [
  'password',
  'token',
  'secret',
  'cookie',
  'authorization',
  'email',
  'address',
  'subject',
  'words',
];

/** `level` silent is for tests and for commands that print their own results. */
export function openLog(level: 'info' | 'silent'): Log {
  const redact = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level, base: undefined, redact }, pino.destination({ dest: 1, sync: true }));
}
