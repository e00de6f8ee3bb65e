// The only reader of the environment and of the values on the command line (R2: one sentence says what is wrong).
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { Invalid } from './lib/errors';

export interface Config {
  /** The data folder, absolute. */
  data: string;
  host: string;
  port: number;
  /** Where people reach Hearthdesk, without a trailing slash; links in mails come from here only (AC-34). */
  publicUrl: string | undefined;
  tls: { cert: Buffer; key: Buffer } | undefined;
  /** Addresses and networks of proxies whose X-Forwarded-* are believed (AC-35). */
  trustedProxies: string[];
}

export type Values = Record<string, string | undefined>;

/** An option's value: from the command line, else `HEARTHDESK_<NAME>` of the environment, where empty is not said. */
export function readValues(given: Record<string, unknown>, names: string[]): Values {
  const values: Values = {};
  for (const name of names) {
    const value = given[name] ?? (process.env[variableOf(name)] || undefined);
    if (typeof value === 'string') values[name] = value;
  }
  return values;
}

/** Switches that are on, as `yes`; the environment turns one on with yes, and says no with no. */
export function readSwitches(given: Record<string, unknown>, names: string[]): Values {
  const on: Values = {};
  for (const [name, value] of Object.entries(readValues({}, names))) {
    if (/^(yes|true|on|1)$/i.test(value ?? '')) on[name] = 'yes';
    else if (!/^(no|false|off|0)$/i.test(value ?? ''))
      throw Invalid(`${variableOf(name)} is "${value}", but it has to be yes or no.`);
  }
  for (const name of names) if (given[name] === true) on[name] = 'yes';
  return on;
}

export const variableOf = (option: string) => `HEARTHDESK_${option.toUpperCase().replaceAll('-', '_')}`;

/** Throws Invalid with the setting's name, what was found and what is allowed. */
export function readConfig(values: Values): Config {
  const tlsFiles = [values['tls-cert'], values['tls-key']];
  if (tlsFiles.filter(Boolean).length === 1) {
    throw Invalid('--tls-cert and --tls-key belong together: give both files or neither.');
  }
  return {
    data: readFolder(values['data'] ?? 'data'),
    host: values['host'] ?? '0.0.0.0',
    port: readPort(values['port'] ?? '3000'),
    publicUrl: values['public-url'] === undefined ? undefined : readPublicUrl(values['public-url']),
    tls: tlsFiles[0] && tlsFiles[1] ? readTls(tlsFiles[0], tlsFiles[1]) : undefined,
    trustedProxies: readProxies(values['trust-proxy'] ?? ''),
  };
}

/** The system allows a socket's path 107 bytes, and there is one in the folder: control.sock. */
const LONGEST_FOLDER = 107 - '/control.sock'.length;

function readFolder(text: string): string {
  if (text === '') throw Invalid('--data is empty, but it has to name a folder.');
  const folder = resolve(text);
  if (Buffer.byteLength(folder) > LONGEST_FOLDER)
    throw Invalid(
      `--data is ${folder}, but the path of a data folder may have at most ${LONGEST_FOLDER} bytes.`,
    );
  return folder;
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw Invalid(`--port is "${text}", but a port is a number from 0 to 65535.`);
  }
  return port;
}

export function readPublicUrl(text: string): string {
  const url = publicUrlIn(text);
  if (url === undefined) {
    throw Invalid(
      `--public-url is "${text}", but it has to look like https://desk.example.com, without a path.`,
    );
  }
  return url;
}

/** The origin of an address without a path, or undefined. */
export function publicUrlIn(text: string): string | undefined {
  const url = URL.parse(text);
  if (
    !url ||
    !/^https?:$/.test(url.protocol) ||
    url.pathname !== '/' ||
    url.search ||
    url.hash ||
    url.username
  )
    return undefined;
  return url.origin;
}

function readTls(certFile: string, keyFile: string): Config['tls'] {
  const cert = readPem('--tls-cert', certFile);
  const key = readPem('--tls-key', keyFile);
  const certificate = understood(() => new X509Certificate(cert));
  if (!certificate) throw Invalid(`--tls-cert names ${certFile}, which is not a certificate in PEM form.`);
  const privateKey = understood(() => createPrivateKey(key));
  if (!privateKey)
    throw Invalid(`--tls-key names ${keyFile}, which is not a private key in PEM form without a passphrase.`);
  if (!certificate.checkPrivateKey(privateKey))
    throw Invalid(`--tls-key names ${keyFile}, which is not the key of the certificate in ${certFile}.`);
  return { cert, key };
}

function readPem(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw Invalid(
      `${option} names ${file}, which cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      cause,
    );
  }
}

/** OpenSSL throws for whatever it does not know. */
function understood<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function readProxies(text: string): string[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  for (const part of parts) {
    const [address = '', bits] = part.split('/');
    const most = isIP(address) === 6 ? 128 : 32;
    if (!isIP(address) || (bits !== undefined && !(/^\d+$/.test(bits) && Number(bits) <= most))) {
      throw Invalid(
        `--trust-proxy has "${part}", but it takes addresses or networks such as 127.0.0.1 or 10.0.0.0/8, separated by commas.`,
      );
    }
  }
  return parts;
}
