// A raw mail as the bytes that a reader sees: its codings undone, so that a search finds words however they were sent.

const ENCODED_WORD = /=\?([^?\s]{1,40})\?([bq])\?([^?\s]*)\?=/gi;
const BASE64_LINE = /^[A-Za-z0-9+/]{4,}={0,2}$/;
const SHORTEST_BASE64 = 16;
const CHARSET = /charset\s*=\s*"?([A-Za-z0-9._:-]{1,40})/gi;
const MOST_CHARSETS = 4;

/** The mail itself, quoted-printable undone, each run of base64 undone; and all of it out of the charsets that it names. */
export function viewsOf(raw: Buffer): Buffer[] {
  const text = raw.toString('latin1');
  const views = [raw, unquoted(text), Buffer.concat([unbased(text), encodedWords(text)])];
  return [
    ...views,
    ...charsetsOf(text).flatMap((decode) => views.map((view) => Buffer.from(decode(view), 'utf8'))),
  ];
}

/** RFC 2045, 6.7. Taken over the whole mail: whatever is no coding stays as it is. */
function unquoted(text: string): Buffer {
  const joined = text.replace(/=[ \t]*\r?\n/g, '');
  return Buffer.from(
    joined.replace(/=([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  );
}

/** RFC 2045, 6.8: lines that can only be base64, run by run. */
function unbased(text: string): Buffer {
  const parts: Buffer[] = [];
  let run = '';
  const end = () => {
    if (run.length >= SHORTEST_BASE64) parts.push(Buffer.from(run, 'base64'), Buffer.from('\n'));
    run = '';
  };
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (BASE64_LINE.test(trimmed)) run += trimmed;
    else end();
  }
  end();
  return Buffer.concat(parts);
}

/** RFC 2047, in headers. */
function encodedWords(text: string): Buffer {
  const parts: Buffer[] = [];
  for (const [, , coding = '', body = ''] of text.matchAll(ENCODED_WORD)) {
    parts.push(
      coding.toLowerCase() === 'b' ? Buffer.from(body, 'base64') : unquoted(body.replaceAll('_', ' ')),
      Buffer.from('\n'),
    );
  }
  return Buffer.concat(parts);
}

function charsetsOf(text: string): ((bytes: Buffer) => string)[] {
  const labels = new Set<string>();
  for (const [, label = ''] of text.matchAll(CHARSET)) labels.add(label.toLowerCase());
  for (const [, label = ''] of text.matchAll(ENCODED_WORD)) labels.add(label.toLowerCase());
  return [...labels].slice(0, MOST_CHARSETS).flatMap((label) => {
    const decoder = decoderOf(label);
    return decoder && decoder.encoding !== 'utf-8' ? [(bytes: Buffer) => decoder.decode(bytes)] : [];
  });
}

/** The platform throws for labels that it does not know; a mail may name any. */
function decoderOf(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}
