// A real IMAP server for tests: Debian's Dovecot in a temporary folder, on free ports, with Maildir mailboxes.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type Certificate, selfSigned } from './certificates';
import { freePorts } from './ports';

export interface DovecotOptions {
  users?: { user: string; password: string }[];
  certificate?: Certificate;
  /** What the server says it can do, e.g. `IMAP4rev1` alone for one without IDLE, ESEARCH and CONDSTORE. */
  capability?: string;
  /** A folder for sent mail that bears the \\Sent mark, e.g. `Gesendet`. */
  sentFolder?: string;
  /** Likewise one for junk, and further ones. */
  junkFolder?: string;
  folders?: string[];
  /** Where to ask whether a token is good (RFC 7662): then mailboxes open with one, and with nothing else. */
  introspection?: string;
  /** What it calls that: Microsoft knows the first alone, Google both. */
  mechanism?: 'xoauth2' | 'oauthbearer';
  /** False: signing in without TLS is refused, as good servers do. */
  plainSignIn?: boolean;
}

export interface Dovecot {
  host: string;
  /** Plain, with STARTTLS offered. */
  port: number;
  tlsPort: number;
  certificate: Certificate;
  user: string;
  password: string;
  /** Puts a mail into a folder as a delivery agent does; the server notices by itself. `at`: as if it had come then. */
  deliver(user: string, raw: string | Buffer, folder?: string, at?: Date): void;
  /** The flags of each mail in a folder, by file, as the server stored them: 'S' is \Seen. */
  flags(user: string, folder?: string): string[];
  changePassword(user: string, password: string): void;
  /** As after a server was rebuilt from a copy: other UIDVALIDITY, other UIDs. Stops and starts it. */
  changeUidValidity(user: string, folder?: string): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

const ANA = { user: 'desk@example.test', password: 'correct horse' };

export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  const [port = 0, tlsPort = 0] = await freePorts(2);
  const home = mkdtempSync(join(tmpdir(), 'hd-imap-'));
  const certificate = options.certificate ?? selfSigned();
  const owner = mailOwner();
  const passwords = new Map((options.users ?? [ANA]).map(({ user, password }) => [user, password]));
  chmodSync(home, 0o755);
  mkdirSync(join(home, 'mail'));
  chownSync(join(home, 'mail'), owner.uid, owner.gid);
  writeFileSync(
    join(home, 'dovecot.conf'),
    configuration({ home, port, tlsPort, certificate, owner, options }),
  );
  writePasswords();
  if (options.introspection) writeFileSync(join(home, 'tokens.conf'), askingFor(options.introspection));
  let child = await launch(home);

  const inbox = (user: string, folder = 'INBOX') => {
    const path = join(home, 'mail', user, 'Maildir', folder === 'INBOX' ? '.' : `.${folder}`);
    for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(path, part), { recursive: true });
    execFileSync('chown', ['-R', `${owner.uid}:${owner.gid}`, join(home, 'mail')]);
    return path;
  };
  let delivered = 0;
  const first = [...passwords][0] ?? ['', ''];

  const dovecot: Dovecot = {
    host: '127.0.0.1',
    port,
    tlsPort,
    certificate,
    user: first[0],
    password: first[1],
    deliver(user, raw, folder, at) {
      const path = inbox(user, folder);
      delivered += 1;
      const name = `${String(delivered).padStart(8, '0')}.${process.pid}.test`;
      writeFileSync(join(path, 'tmp', name), raw);
      chownSync(join(path, 'tmp', name), owner.uid, owner.gid);
      if (at) utimesSync(join(path, 'tmp', name), at, at);
      renameSync(join(path, 'tmp', name), join(path, 'new', name));
    },
    flags(user, folder) {
      const path = inbox(user, folder);
      const seen = readdirSync(join(path, 'cur')).map((name) => name.split(':2,')[1] ?? '');
      return [...seen, ...readdirSync(join(path, 'new')).map(() => '')];
    },
    changePassword(user, password) {
      passwords.set(user, password);
      writePasswords();
    },
    async changeUidValidity(user, folder) {
      await dovecot.stop();
      const path = inbox(user, folder);
      const list = join(path, 'dovecot-uidlist');
      const header = readFileSync(list, 'utf8').split('\n')[0] ?? '';
      const before = Number(/V(\d+)/.exec(header)?.[1]);
      for (const name of readdirSync(path)) {
        if (name.startsWith('dovecot')) rmSync(join(path, name));
      }
      writeFileSync(list, `3 V${before + 1000} N1\n`);
      chownSync(list, owner.uid, owner.gid);
      await dovecot.start();
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // Closed by the last of its processes, which all write their log there.
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.stdin?.end();
      await ended;
    },
    async start() {
      child = await launch(home);
    },
    async remove() {
      await dovecot.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return dovecot;

  function writePasswords() {
    const lines = [...passwords].map(([user, password]) => `${user}:{PLAIN}${password}::::::`);
    writeFileSync(join(home, 'passwd'), `${lines.join('\n')}\n`, { mode: 0o644 });
  }
}

/** Dovecot refuses to read mail as root, so root lends it nobody's name; an ordinary user stays who he is. */
function mailOwner(): { name: string; uid: number; gid: number } {
  const { username, uid, gid } = userInfo();
  if (uid !== 0) return { name: username, uid, gid };
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { name: 'nobody', uid: id('-u'), gid: id('-g') };
}

interface Parts {
  home: string;
  port: number;
  tlsPort: number;
  certificate: Certificate;
  owner: { name: string; uid: number; gid: number };
  options: DovecotOptions;
}

function configuration({ home, port, tlsPort, certificate, owner, options }: Parts): string {
  const { mechanism = 'xoauth2' } = options;
  const root = userInfo().uid === 0;
  const group = execFileSync('id', ['-gn', owner.name], { encoding: 'utf8' }).trim();
  return `
base_dir = ${home}/run
state_dir = ${home}/run
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
default_internal_user = ${root ? 'dovecot' : owner.name}
default_internal_group = ${root ? 'dovecot' : group}
default_login_user = ${root ? 'dovenull' : owner.name}
default_process_limit = 20
first_valid_uid = 1
ssl = yes
ssl_cert = <${certificate.certFile}
ssl_key = <${certificate.keyFile}
disable_plaintext_auth = ${options.plainSignIn === false ? 'yes' : 'no'}
auth_mechanisms = ${options.introspection ? mechanism : 'plain login'}
auth_failure_delay = 0
mail_location = maildir:~/Maildir
maildir_stat_dirs = yes
mailbox_idle_check_interval = 1 s
mail_max_userip_connections = 50
${options.capability ? `imap_capability = ${options.capability}` : ''}
namespace inbox {
  inbox = yes
  ${folder(options.sentFolder, '\\Sent')}
  ${folder(options.junkFolder, '\\Junk')}
  ${(options.folders ?? []).map((name) => folder(name)).join('\n  ')}
}
passdb {
  ${
    options.introspection
      ? `driver = oauth2
  mechanisms = ${mechanism}
  args = ${home}/tokens.conf`
      : `driver = passwd-file
  args = scheme=PLAIN username_format=%u ${home}/passwd`
  }
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${home}/mail/%u
}
service imap-login {
  ${root ? '' : 'chroot ='}
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tlsPort}
    ssl = yes
  }
}
service anvil {
  ${root ? '' : 'chroot ='}
  # A wrong password slows nobody down here.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  ${root ? '' : 'chroot ='}
}
`;
}

const folder = (name: string | undefined, use?: string) =>
  name ? `mailbox "${name}" {\n    auto = subscribe\n${use ? `    special_use = ${use}\n` : ''}  }` : '';

/** Dovecot compares the name that comes back with the one that was said. */
const askingFor = (introspection: string) => `
introspection_mode = post
introspection_url = ${introspection}
force_introspection = yes
username_attribute = username
active_attribute = active
active_value = true
`;

/**
 * The server and its sessions are one process group, which ends at once when our end of the pipe closes: on purpose,
 * or because the tests were killed.
 */
const WHILE_WE_LIVE = '(dovecot -F -c "$1"; kill -s KILL -- -$$) & cat > /dev/null; kill -s KILL -- -$$';

/** Started when it says so; its log goes into the error when it ends before that. */
function launch(home: string): Promise<ChildProcess> {
  rmSync(join(home, 'run', 'master.pid'), { force: true });
  const child = spawn('sh', ['-c', WHILE_WE_LIVE, 'sh', join(home, 'dovecot.conf')], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('starting up')) resolve(child);
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Dovecot did not start: ${said}`)));
  });
}
