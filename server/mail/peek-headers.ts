// A look at a raw mail's headers before it is parsed: linear, tolerant, for ids and recipients only.

/** Headers are not looked for beyond this. */
const FAR_ENOUGH = 256 * 1024;

/** Values by lower-case name, unfolded, in their order; undecoded. */
export function peekHeaders(raw: Uint8Array, wanted: string[]): Record<string, string[]> {
  const found: Record<string, string[]> = Object.fromEntries(wanted.map((name) => [name, []]));
  const head = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, FAR_ENOUGH)).toString('latin1');
  let name = '';
  for (const line of head.split('\n')) {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (text === '') break;
    if (text.startsWith(' ') || text.startsWith('\t')) {
      const values = found[name];
      if (values?.length) values[values.length - 1] += ` ${text.trim()}`;
      continue;
    }
    const colon = text.indexOf(':');
    name = colon > 0 ? text.slice(0, colon).trim().toLowerCase() : '';
    found[name]?.push(text.slice(colon + 1).trim());
  }
  return found;
}

/** The id without <>, or undefined when there is none worth the name. */
export function peekMessageId(raw: Uint8Array): string | undefined {
  const value = peekHeaders(raw, ['message-id'])['message-id']?.[0] ?? '';
  const id = value.replace(/^.*</, '').replace(/>.*$/, '').trim();
  return id && id.length <= 998 ? id : undefined;
}
