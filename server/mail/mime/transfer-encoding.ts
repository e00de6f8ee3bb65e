// Content-Transfer-Encoding (RFC 2045), read as generously as mail programs write it.

/** The bytes that were encoded; an unknown encoding leaves them as they are. */
export function decodeTransfer(bytes: Buffer, encoding: string): Buffer {
  if (encoding === 'base64')
    return bytes.length > PIECE ? decodeLongBase64(bytes) : decodeBase64(bytes.toString('latin1'));
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(bytes);
  return bytes;
}

/** Anything but its alphabet is skipped. Several padded pieces after each other are joined; what else follows is none. */
export function decodeBase64(text: string): Buffer {
  const pieces: Buffer[] = [];
  for (let rest = text; rest !== ''; ) {
    const padding = rest.indexOf('=');
    pieces.push(Buffer.from(padding === -1 ? rest : rest.slice(0, padding), 'base64'));
    const next = padding === -1 ? '' : rest.slice(padding).replace(/^[=\s]+/, '');
    // A list's footer in plain words, say.
    const goesOn = pieces.length < MOST_PIECES && /^[A-Za-z0-9+/=\s]*$/.test(next.slice(0, FOOTER));
    rest = goesOn ? next : '';
  }
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
}

const MOST_PIECES = 100;
/** Characters after a padding by which words are told from a further piece. */
const FOOTER = 1_000;

/** Bytes of a long encoded file that are looked at together; as one text it would take its size once more. */
const PIECE = 1024 * 1024;

/** Padding ends it, as a rule; what comes from there on is short. */
function decodeLongBase64(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafeSlow(Math.ceil((bytes.length * 3) / 4) + 3);
  let length = 0;
  let rest = '';
  for (let at = 0; at < bytes.length; at += PIECE) {
    const text = bytes.toString('latin1', at, Math.min(at + PIECE, bytes.length));
    if (text.includes('=')) {
      const end = decodeBase64(rest + bytes.toString('latin1', at));
      return out.subarray(0, length + end.copy(out, length));
    }
    const letters = rest + text.replace(/[^A-Za-z0-9+/_-]+/g, '');
    const whole = letters.length - (letters.length % 4);
    length += out.write(letters.slice(0, whole), length, 'base64');
    rest = letters.slice(whole);
  }
  return out.subarray(0, length + out.write(rest, length, 'base64'));
}

const EQUALS = 0x3d;

function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte !== EQUALS) {
      out[length++] = byte;
      continue;
    }
    const high = hexDigit(bytes[at + 1]);
    const low = hexDigit(bytes[at + 2]);
    if (high >= 0 && low >= 0) {
      out[length++] = high * 16 + low;
      at += 2;
      continue;
    }
    const lineEnd = softBreakEnd(bytes, at + 1);
    if (lineEnd > 0) at = lineEnd;
    else out[length++] = byte;
  }
  return out.subarray(0, length);
}

/** Where the line break of a soft break ends, blanks before it allowed; 0 when this is none. */
function softBreakEnd(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x0a) return at;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return 0;
  }
  return bytes.length;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
