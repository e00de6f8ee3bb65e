// A read-only folder with nothing but the executable, an empty one to start it in, and ways to start it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { projectFolder } from '../../server/lib/assets';

export interface Place {
  program: string;
  /** Empty at first; where the program is started. */
  folder: string;
  /** Empty at first; a temporary folder for those who name it in TMPDIR. */
  temporary: string;
  started: ChildProcess[];
  /** Ends what still runs and removes all folders. */
  remove(): void;
}

export interface Server {
  address: string;
  /** What it printed last before it was ready. */
  said: string;
  stop(): Promise<{ exit: number | null; errors: string }>;
}

/** A user without a home and without rights. Only root can start a program as somebody else. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

export function makePlace(): Place {
  const built = join(projectFolder(), 'dist/hearthdesk');
  if (!existsSync(built)) throw new Error('dist/hearthdesk is not built: run "npm run build" first.');
  const root = mkdtempSync(join(tmpdir(), 'hearthdesk-executable-'));
  chmodSync(root, 0o755);
  const inRoot = (name: string): string => {
    mkdirSync(join(root, name));
    return join(root, name);
  };
  const [programs, folder, temporary] = [inRoot('programs'), inRoot('folder'), inRoot('temporary')];
  const program = join(programs, 'hearthdesk');
  copyFileSync(built, program);
  chmodSync(programs, 0o555);
  if (nobody) for (const own of [folder, temporary]) chownSync(own, nobody.uid, nobody.gid);
  const started: ChildProcess[] = [];
  const remove = () => {
    for (const running of started) running.kill('SIGKILL');
    chmodSync(programs, 0o755);
    rmSync(root, { recursive: true, force: true });
  };
  return { program, folder, temporary, started, remove };
}

/** Runs a command to its end. The environment and the input are empty but for what is given. */
export async function run(
  place: Place,
  options: string[],
  environment: Record<string, string> = {},
  input: string | Buffer = '',
) {
  const program = start(place, options, environment);
  program.stdin!.end(input);
  const [output, errors, exit] = await Promise.all([
    text(program.stdout!),
    text(program.stderr!),
    ended(program),
  ]);
  return { exit, output, errors };
}

/** Starts `hearthdesk serve` on a free port; resolves when it says where it is, or what else is waited for. */
export async function serve(
  place: Place,
  environment: Record<string, string> = {},
  until = 'Hearthdesk is at',
  options: string[] = [],
): Promise<Server> {
  const program = start(place, ['serve', '--port', '0', ...options], environment);
  program.stdin!.end();
  const exit = ended(program);
  const errors = text(program.stderr!);
  for await (const line of createInterface(program.stdout!)) {
    const [address] = /http:\/\/localhost:\d+/.exec(line) ?? [];
    if (!address || !line.includes(until)) continue;
    program.stdout!.resume();
    const stop = async () => {
      program.kill('SIGTERM');
      return { exit: await exit, errors: await errors };
    };
    return { address, said: line, stop };
  }
  throw new Error(`The server ended with ${await exit}: ${await errors}`);
}

function start(place: Place, options: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(place.program, options, { cwd: place.folder, env, ...nobody });
  place.started.push(child);
  return child;
}

async function ended(program: ChildProcess): Promise<number | null> {
  const [exit] = (await once(program, 'exit')) as [number | null];
  return exit;
}
