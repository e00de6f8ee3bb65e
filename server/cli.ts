// Contents page: every command of the executable, its options, and how its outcome is told.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serveHouse, withHouse } from './boot';
import { optionLines } from './cli-help';
import { type CommandResult, type CommandValues, handedCommands } from './commands';
import { readConfig, readSwitches, readValues, variableOf } from './config';
import { handOver } from './control';
import { controlSocket, hasDatabase } from './data-folder';
import { diskProblem, Invalid, Problem } from './lib/errors';
import { serve } from './serve';
import { soloCommands } from './solo-commands';

interface CommandPage {
  says: string;
  /** Option → what its value is; an empty text means a switch. */
  options: Record<string, string>;
  argument?: string;
  readsInput?: boolean;
  /** Works in a folder in which there is nothing yet. */
  makesFolder?: boolean;
}

const DATA = { data: 'DIR' };

export const COMMANDS: Record<string, CommandPage> = {
  serve: {
    says: 'Start the helpdesk.',
    options: {
      ...DATA,
      port: 'N',
      host: 'H',
      'public-url': 'URL',
      'tls-cert': 'FILE',
      'tls-key': 'FILE',
      'trust-proxy': 'NETWORKS',
    },
  },
  setup: {
    says: 'Set up a new data folder without a browser.',
    options: {
      ...DATA,
      company: 'NAME',
      'owner-name': 'N',
      'owner-email': 'E',
      'owner-password-file': 'F',
      language: 'en|nb|lv',
      'time-zone': 'ZONE',
      'mailbox-file': 'FILE.json',
      site: 'URL',
    },
    makesFolder: true,
  },
  demo: {
    says: 'Fill a set-up, empty data folder with believable tickets.',
    options: { ...DATA, tickets: 'N', seed: 'N' },
    makesFolder: true,
  },
  deliver: {
    says: 'Take one mail from standard input.',
    options: { ...DATA, mailbox: 'ADDRESS' },
    readsInput: true,
  },
  import: {
    says: 'Bring in old mail: an mbox file, or a folder with mbox and .eml files.',
    options: { ...DATA, from: 'FILE|FOLDER', mailbox: 'ADDRESS', 'open-days': 'N', own: 'ADDRESSES' },
  },
  backup: { says: 'Write a copy of everything into one file.', options: { ...DATA, out: 'FILE' } },
  restore: { says: 'Fill a data folder from a backup.', options: { ...DATA, from: 'FILE', ledger: 'FILE' } },
  verify: { says: 'Check a backup or a certificate.', options: { ...DATA }, argument: 'FILE' },
  'privacy export': {
    says: 'Write everything about a customer into a ZIP file.',
    options: { ...DATA, customer: 'EMAIL', out: 'FILE.zip' },
  },
  'privacy erase': {
    says: 'Erase a customer.',
    options: {
      ...DATA,
      customer: 'EMAIL',
      'de-identify': '',
      'also-on-server': '',
      'dry-run': '',
      out: 'CERTIFICATE',
      yes: '',
    },
  },
  'privacy settle': {
    says: 'Say what erasures wait for, decide it, and try again.',
    options: {
      ...DATA,
      erasure: 'NUMBER',
      theirs: 'all|PLACES',
      others: 'all|PLACES',
      'leave-mails': '',
      gone: 'DIR',
    },
  },
  retention: { says: 'Run the retention rules now.', options: { ...DATA, 'dry-run': '' } },
  migrate: { says: 'Bring the data folder to the newest schema.', options: { ...DATA } },
  doctor: { says: 'Check the data folder and what it needs.', options: { ...DATA } },
  'reset-password': {
    says: 'Make a link with which an agent sets a new password.',
    options: { ...DATA, email: 'E', 'public-url': 'URL' },
  },
  version: { says: 'Say which version this is.', options: {} },
};

/** Runs one command; returns the exit code. Errors are one sentence on standard error, three lines at most. */
export async function runCli(argv: string[]): Promise<number> {
  try {
    return await run(argv);
  } catch (error) {
    const message = sentenceOf(error);
    return report(
      { exit: handedCommands[argv[0] ?? '']?.failure ?? 1, lines: [], facts: {}, error: message },
      argv.includes('--json'),
    );
  }
}

function sentenceOf(error: unknown): string {
  const problem = error instanceof Problem ? error : diskProblem(error);
  return problem?.message ?? `Something unexpected happened: ${(error as Error).message?.split('\n')[0]}`;
}

async function run(argv: string[]): Promise<number> {
  const { name, rest } = commandOf(argv);
  if (!name) return print(overview());
  const page = COMMANDS[name] as CommandPage;
  const { values, json, help } = readOptions(name, page, rest);
  if (help) return print(helpOf(name, page));
  if (name === 'serve') return serve(readConfig(values), json, serveHouse);
  const solo = soloCommands[name];
  if (solo) return report(await solo(values), json);
  return report(await runHanded(name, page, values), json);
}

/** The server of the folder does it; when there is none, this process takes the lock and does it itself. */
async function runHanded(name: string, page: CommandPage, values: CommandValues): Promise<CommandResult> {
  const config = readConfig(values);
  const command = handedCommands[name];
  if (!command) throw new Error(`the command ${name} has nothing behind it`);
  const input = page.readsInput ? await readInput() : Buffer.from(command.prepare?.(values) ?? '');
  // The server stands in another folder than whoever typed the name of a file.
  const told = { ...values };
  for (const option of ['out', 'from'])
    if (values[option] !== undefined) told[option] = resolve(values[option]);
  const handed = await handOver(controlSocket(config.data), name, told, input);
  if (handed) return handed;
  if (!page.makesFolder && !hasDatabase(config.data))
    throw Invalid(
      `There is no Hearthdesk in ${config.data}; "hearthdesk setup" or "hearthdesk serve" makes one.`,
    );
  return withHouse(config, async (app, house) => {
    const result = await command.work(app, told, input);
    await house.intake.settled();
    app.followers.catchUp();
    return result;
  });
}

function commandOf(argv: string[]): { name: string | undefined; rest: string[] } {
  const [first, second] = argv;
  if (first === 'help' && second !== undefined) return commandOf([...argv.slice(1), '--help']);
  if (first === undefined || first === 'help' || first === '--help' || first === '-h')
    return { name: undefined, rest: [] };
  if (first === '--version') return { name: 'version', rest: [] };
  const two = `${first} ${second}`;
  if (COMMANDS[two]) return { name: two, rest: argv.slice(2) };
  if (COMMANDS[first]) return { name: first, rest: argv.slice(1) };
  throw Invalid(`"${first}" is not a command of hearthdesk; "hearthdesk help" lists them.`);
}

function readOptions(name: string, page: CommandPage, rest: string[]) {
  const known = Object.entries(page.options).map(
    ([option, value]) => [option, { type: value === '' ? 'boolean' : 'string' }] as const,
  );
  const options = Object.fromEntries([
    ...known,
    ['help', { type: 'boolean' }],
    ['json', { type: 'boolean' }],
  ]);
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({
      args: rest,
      options: options as never,
      allowPositionals: page.argument !== undefined,
      strict: true,
    });
  } catch (error) {
    throw Invalid(
      `hearthdesk ${name}: ${(error as Error).message.split('. ')[0]}. "hearthdesk ${name} --help" lists the options.`,
      error,
    );
  }
  const names = Object.keys(page.options);
  const values: CommandValues = {
    ...readValues(
      parsed.values,
      names.filter((option) => page.options[option] !== ''),
    ),
    ...readSwitches(
      parsed.values,
      names.filter((option) => page.options[option] === ''),
    ),
  };
  if (parsed.positionals[0] !== undefined) values['file'] = parsed.positionals[0];
  return { values, json: parsed.values['json'] === true, help: parsed.values['help'] === true };
}

async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function report(result: CommandResult, json: boolean): number {
  if (json)
    console.log(
      JSON.stringify({
        ok: result.exit === 0,
        ...result.facts,
        ...(result.error ? { error: result.error } : {}),
      }),
    );
  else for (const line of result.lines) console.log(line);
  if (result.error) console.error(result.error);
  return result.exit;
}

function print(text: string): number {
  console.log(text);
  return 0;
}

const spelled = ([option, value]: [string, string]) =>
  value === '' ? `[--${option}]` : `[--${option} ${value}]`;

function overview(): string {
  const lines = Object.entries(COMMANDS).map(([name, page]) => `  ${name.padEnd(16)} ${page.says}`);
  return [
    'Hearthdesk: a helpdesk and live chat on your own machine.',
    '',
    ...lines,
    '',
    '"hearthdesk COMMAND --help" says more; --json answers programs.',
  ].join('\n');
}

function helpOf(name: string, page: CommandPage): string {
  const options = Object.entries(page.options).map(spelled);
  const variables = Object.keys(page.options).map(variableOf);
  return [
    page.says,
    '',
    ['hearthdesk', name, page.argument ?? '', ...options].filter(Boolean).join(' '),
    ...(variables.length > 0 ? ['', ...optionLines(name, page.options)] : []),
    ...(variables.length > 0 ? ['', `Options are also environment variables: ${variables.join(', ')}.`] : []),
  ].join('\n');
}
