// What each option of the command line is for, one sentence each, as "hearthdesk COMMAND --help" shows them.

/** An option of the same name means the same everywhere but where a command is named with it. */
export const OPTION_WORDS: Record<string, string> = {
  data: 'The folder in which everything is kept. "data" in the folder you are in, unless you say otherwise.',
  port: 'Where it listens: 3000, unless you say otherwise.',
  host: 'The address of this machine on which it listens: all of them, unless you say otherwise.',
  'public-url': 'Where people reach it, such as https://desk.example.com. Links in mails lead there.',
  'tls-cert': 'The certificate for HTTPS, with those it rests on. Goes with --tls-key.',
  'tls-key': 'The private key of the certificate.',
  'trust-proxy':
    'Addresses or networks of the proxies in front, separated by commas. Only these are believed about who is asking.',
  company: 'The name that customers see.',
  'owner-name': 'Your name.',
  'owner-email': 'The address you sign in with.',
  'owner-password-file': 'A file that holds your password, so that no list of programs shows it.',
  language: 'The language of the pages, until somebody chooses another.',
  'time-zone': 'The time zone of the firm, such as Europe/Oslo.',
  'mailbox-file': 'A mailbox to connect, written down as JSON.',
  site: 'A website that carries the chat, such as https://www.example.com.',
  tickets: 'How many; 1000, unless you say otherwise.',
  seed: 'Another number makes other tickets; the same one makes the same.',
  mailbox: 'The mailbox it came to. Found from the mail itself, unless you say it.',
  'import from': 'The mbox file, or a folder with such files and mails. It is only read.',
  'import mailbox': 'The mailbox it belongs to; the first one, unless you say it.',
  'open-days':
    'What a customer wrote last stays open when it is younger than so many days: 30, unless you say otherwise.',
  own: 'Addresses that were yours before, separated by commas: mail from them counts as your answers.',
  'backup out': 'The file to write.',
  from: 'The backup.',
  ledger:
    'The erasures.log that knows who was erased since, when it does not lie beside the backup; or "none: " and why there is none.',
  customer: 'One of the addresses by which the customer is known.',
  'privacy export out': 'The file to write.',
  'privacy erase out': 'Where to put a copy of the certificate.',
  'de-identify': 'Keep the words of tickets, without whatever names the customer.',
  'also-on-server': 'Remove their mails from the mail server, too.',
  erasure: 'The number of its certificate.',
  theirs: 'Places of a shared name that are the erased person’s too, separated by commas, or all. They go.',
  others: 'Places of a shared name that are somebody else’s. They stay.',
  'leave-mails': 'Leave on the mail server what could not be reached there.',
  gone: 'A folder whose backups exist no more.',
  'dry-run': 'Only say what would go.',
  yes: 'Do it. It cannot be undone.',
  email: 'The address the agent signs in with.',
};

/** A line for each option, its value named. */
export function optionLines(command: string, options: Record<string, string>): string[] {
  const spelled = Object.entries(options).map(
    ([option, value]) => [option, `--${option} ${value}`.trim()] as const,
  );
  const width = Math.max(...spelled.map(([, text]) => text.length));
  return spelled.map(([option, text]) => `  ${text.padEnd(width)}  ${wordsOf(command, option)}`);
}

const wordsOf = (command: string, option: string): string =>
  OPTION_WORDS[`${command} ${option}`] ?? OPTION_WORDS[option] ?? '';
