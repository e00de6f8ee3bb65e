// A certificate is what this installation signed, to the last character.
import { type CertificateFacts, checkCertificate, writeCertificate } from '../../server/privacy/certificate';

const KEY = Buffer.alloc(32, 7);
const FACTS: CertificateFacts = {
  certificate: '0123456789abcdef0123456789abcdef',
  kind: 'erase',
  hearthdesk: '0.1.0',
  began: '2026-11-20T09:00:00.000Z',
  ended: '2026-11-20T09:00:05.000Z',
  removed: { tickets: 2, messages: 7 },
  kept: { common: 1 },
  exception: null,
  checked: { identifiers: 4, passages: 30, rows: 1200, files: 9, bytes: 123456, found: 0 },
  notSearched: ['paper', 'compressed'],
  lastCopyGone: '2026-11-28',
  ledger: { entries: 5, placesNotReached: 0 },
};

test('P3: a certificate verifies with the key that signed it, and says what it says', () => {
  expect(checkCertificate(KEY, writeCertificate(KEY, FACTS))).toEqual({ good: true, facts: FACTS });
});

test('P3: any changed, missing or added character fails', () => {
  const text = writeCertificate(KEY, FACTS);

  for (let at = 0; at < text.length; at++) {
    const other = text[at] === '1' ? '2' : '1';
    const changed = [
      text.slice(0, at) + other + text.slice(at + 1),
      text.slice(0, at) + text.slice(at + 1),
      `${text.slice(0, at)} ${text.slice(at)}`,
    ];
    for (const one of changed) expect(checkCertificate(KEY, one).good).toBe(false);
  }
  expect(checkCertificate(KEY, `${text}\n`).good).toBe(false);
  expect(checkCertificate(KEY, text.toUpperCase()).good).toBe(false);
});

test('P3: the same facts written in another way fail: order, escapes, line ends', () => {
  const text = writeCertificate(KEY, FACTS);
  const { facts, key, signature } = JSON.parse(text);

  expect(checkCertificate(KEY, JSON.stringify({ facts, key, signature })).good).toBe(false);
  expect(checkCertificate(KEY, `${JSON.stringify({ key, facts, signature }, null, 2)}\n`).good).toBe(false);
  expect(checkCertificate(KEY, text.replace('paper', '\\u0070aper')).good).toBe(false);
  expect(checkCertificate(KEY, text.replaceAll('\n', '\r\n')).good).toBe(false);
});

test("P3: another installation's key says so, and text that is no certificate too", () => {
  const text = writeCertificate(KEY, FACTS);

  expect(checkCertificate(Buffer.alloc(32, 8), text)).toEqual({ good: false, why: 'other-key' });
  expect(checkCertificate(KEY, 'hello')).toEqual({ good: false, why: 'not-a-certificate' });
  expect(checkCertificate(KEY, '{"facts":{}}')).toEqual({ good: false, why: 'not-a-certificate' });
});

test('P3: nothing but the known facts can be signed', () => {
  expect(() => writeCertificate(KEY, { ...FACTS, customer: 'Carla' } as never)).toThrow();
});
