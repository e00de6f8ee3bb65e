// The commands as they are typed, in a folder that is set up.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../server/cli';
import { letter } from './place';

export interface Typed {
  data: string;
  inFolder(name: string): string;
  hearthdesk(...argv: string[]): Promise<Outcome>;
  /** As `hearthdesk deliver < mail.eml`. */
  deliver(mail: string): Promise<void>;
  close(): void;
}

export interface Outcome {
  exit: number;
  out: string;
  err: string;
}

export async function openTyped(): Promise<Typed> {
  const folder = mkdtempSync(join(tmpdir(), 'commands-'));
  const data = join(folder, 'data');
  const inFolder = (name: string) => join(folder, name);

  async function hearthdesk(...argv: string[]): Promise<Outcome> {
    const out = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const err = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    try {
      const exit = await runCli([...argv, ...(argv.includes('--data') ? [] : ['--data', data])]);
      const said = (spy: jest.SpyInstance) => spy.mock.calls.map((call) => call.join(' ')).join('\n');
      return { exit, out: said(out), err: said(err) };
    } finally {
      out.mockRestore();
      err.mockRestore();
    }
  }

  async function deliver(mail: string): Promise<void> {
    const input = Object.getOwnPropertyDescriptor(process, 'stdin') as PropertyDescriptor;
    async function* bytes() {
      yield Buffer.from(mail.replaceAll('\n', '\r\n'));
    }
    Object.defineProperty(process, 'stdin', { value: bytes(), configurable: true });
    try {
      expect(await hearthdesk('deliver')).toMatchObject({ exit: 0 });
    } finally {
      Object.defineProperty(process, 'stdin', input);
    }
  }

  writeFileSync(inFolder('password'), 'a good long password');
  const owner = ['--owner-name', 'Olga', '--owner-email', 'olga@teapot.example'];
  await hearthdesk('setup', '--company', 'Teapot', ...owner, '--owner-password-file', inFolder('password'));
  return {
    data,
    inFolder,
    hearthdesk,
    deliver,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const carla = (body = 'The kettle whistles all night long, and my neighbours complain.') =>
  letter({ from: 'Carla Jansone <carla@mail.example>', subject: 'Kettle', body });

/** One sentence, three lines at most, no stack. */
export function expectSentence({ exit, out, err }: Outcome, words: RegExp): void {
  expect(exit).not.toBe(0);
  expect(err).toMatch(words);
  expect(err.split('\n').length).toBeLessThanOrEqual(3);
  expect(`${out}${err}`).not.toMatch(/\bat .*\.ts:/);
}
