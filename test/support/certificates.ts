// Certificates made at test time with openssl: one of its own signature, one of an authority the tests may trust.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  certFile: string;
  keyFile: string;
  cert: string;
  key: string;
  /** SHA-256, as people compare it: AB:CD:… */
  fingerprint: string;
}

const NAMES = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate for localhost that nobody vouches for, as mail servers in offices have them. */
export function selfSigned(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'hd-cert-'));
  openssl(folder, [
    'req',
    '-x509',
    ...NEW_KEY,
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    NAMES,
    ...files('server'),
  ]);
  return read(folder);
}

/** A certificate for localhost and the authority that signed it, for `tls.setDefaultCACertificates`. */
export function signedByAuthority(): Certificate & { authority: string } {
  const folder = mkdtempSync(join(tmpdir(), 'hd-cert-'));
  writeFileSync(join(folder, 'names'), NAMES);
  openssl(folder, ['req', '-x509', ...NEW_KEY, '-days', '2', '-subj', '/CN=Test authority', ...files('ca')]);
  openssl(folder, [
    'req',
    '-new',
    ...NEW_KEY,
    '-subj',
    '/CN=localhost',
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
  ]);
  const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl(folder, ['x509', '-req', '-in', 'server.csr', ...signing, '-out', 'server.crt']);
  return { ...read(folder), authority: readFileSync(join(folder, 'ca.crt'), 'utf8') };
}

const files = (name: string) => ['-keyout', `${name}.key`, '-out', `${name}.crt`];

function openssl(folder: string, args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
}

function read(folder: string): Certificate {
  const certFile = join(folder, 'server.crt');
  const keyFile = join(folder, 'server.key');
  const cert = readFileSync(certFile, 'utf8');
  return {
    certFile,
    keyFile,
    cert,
    key: readFileSync(keyFile, 'utf8'),
    fingerprint: new X509Certificate(cert).fingerprint256,
  };
}
