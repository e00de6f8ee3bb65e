// `--mailbox-file`: a mailbox written down as JSON, with one sentence for whatever is wrong in it (R2).
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Invalid } from '../lib/errors';
import { type MailboxInput, validAddress } from '../mail';

const PORTS = {
  imap: { tls: 993, starttls: 143, none: 143 },
  smtp: { tls: 465, starttls: 587, none: 25 },
} as const;

const server = z.strictObject(
  {
    host: z
      .string('a host name such as imap.example.com')
      .regex(/^[a-zA-Z0-9]([a-zA-Z0-9.:-]*[a-zA-Z0-9])?$/, 'a host name such as imap.example.com'),
    port: z
      .int('a number from 1 to 65535')
      .min(1, 'a number from 1 to 65535')
      .max(65_535, 'a number from 1 to 65535')
      .optional(),
    security: z.enum(['tls', 'starttls', 'none'], 'tls, starttls or none').default('tls'),
    user: z.string('a text').optional(),
    password: z.string('a text').optional(),
    folder: z.string('a text').optional(),
    trustedFingerprint: z
      .string('64 hexadecimal digits in pairs, parted by colons')
      .regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/, '64 hexadecimal digits in pairs, parted by colons')
      .optional(),
  },
  'an object such as {"host": "imap.example.com", "password": "…"}',
);

const mailboxFile = z.strictObject(
  {
    address: z
      .string('an e-mail address')
      .refine((text) => validAddress(text) !== undefined, 'an e-mail address'),
    senderName: z.string('a text').max(100, 'a text of at most 100 characters').default(''),
    imap: server.optional(),
    smtp: server.omit({ folder: true }).optional(),
    firstFetchDays: z
      .int('a number of days from 0 to 3650')
      .min(0, 'a number of days from 0 to 3650')
      .max(3_650, 'a number of days from 0 to 3650')
      .default(0),
  },
  'an object with address, imap and smtp',
);

type Server = z.infer<typeof server>;

/** Throws Invalid with the option, the place in the file, what was found and what is allowed. Passwords are never repeated. */
export function readMailboxFile(file: string): MailboxInput {
  const given = parse(file);
  const result = mailboxFile.safeParse(given);
  if (!result.success) throw Invalid(sentence(file, given, result.error.issues[0] as z.core.$ZodIssue));
  const { address, senderName, imap, smtp, firstFetchDays } = result.data;
  if (imap && !imap.password) throw Invalid(`--mailbox-file ${file}: imap.password is missing.`);
  const incoming = imap && {
    ...imap,
    port: imap.port ?? PORTS.imap[imap.security],
    ...loginOf(imap, address),
  };
  const outgoing = smtp && {
    ...smtp,
    port: smtp.port ?? PORTS.smtp[smtp.security],
    ...outgoingLogin(smtp, incoming),
  };
  return {
    address: validAddress(address) ?? address,
    senderName,
    imap: incoming,
    smtp: outgoing,
    firstFetchDays,
    plusAddresses: false,
    reopenClosed: 'days',
    reopenDays: 30,
    undoSeconds: 10,
    keepSent: false,
  };
}

const loginOf = ({ user, password }: Server, address: string) => ({
  user: user ?? address,
  password: password ?? '',
});

/** Without a user name of its own it signs in as for receiving; an empty one signs in nowhere. */
const outgoingLogin = (
  { user, password }: Server,
  incoming: { user: string; password: string } | undefined,
) => ({
  user: user ?? incoming?.user ?? '',
  password: password ?? (user === '' ? '' : (incoming?.password ?? '')),
});

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw Invalid(
      code
        ? `--mailbox-file names ${file}, which cannot be read (${code}).`
        : `--mailbox-file names ${file}, which is not JSON.`,
      cause,
    );
  }
}

function sentence(file: string, given: unknown, issue: z.core.$ZodIssue): string {
  const place = issue.path.join('.') || 'the file';
  if (issue.code === 'unrecognized_keys') {
    return `--mailbox-file ${file}: ${[...issue.path, issue.keys[0]].join('.')} is not known there.`;
  }
  const value = issue.path.reduce(
    (part, name) => (part as Record<PropertyKey, unknown> | undefined)?.[name],
    given,
  );
  const shown = place.endsWith('password') ? 'of the wrong kind' : JSON.stringify(value);
  const found = value === undefined ? 'missing' : shown;
  return `--mailbox-file ${file}: ${place} is ${found}, but it has to be ${issue.message}.`;
}
