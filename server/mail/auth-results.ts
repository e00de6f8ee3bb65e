// Authentication-Results as a mail server writes them (RFC 8601): who says it, and what was found. Pure and linear.

/** One method's result: `dmarc=pass header.from=mail.example` is dmarc, pass, and a property. */
export interface AuthResult {
  method: string;
  result: string;
  /** By lower-case name, as written: `header.from`, `smtp.mailfrom`. */
  properties: Record<string, string>;
}

export interface AuthResults {
  /** The server's name for itself, in lower case; empty where it leaves that out, as Microsoft's do. */
  server: string;
  results: AuthResult[];
}

const MOST_RESULTS = 50;

/** Reads one header's value. What is no result is passed over. */
export function readAuthResults(value: string): AuthResults {
  const pieces = splitPieces(value);
  const [first = ''] = pieces;
  const named = !(first.split(/\s/, 1)[0] ?? '').includes('=');
  const server = named ? (first.split(/[\s/]/, 1)[0] ?? '').toLowerCase() : '';
  const results = pieces.slice(named ? 1 : 0, MOST_RESULTS).flatMap((piece) => readResult(piece) ?? []);
  return { server, results };
}

function readResult(piece: string): AuthResult | undefined {
  const [head = '', ...rest] = piece.replace(/\s*=\s*/g, '=').split(/\s+/);
  const at = head.indexOf('=');
  if (at < 1) return undefined;
  const properties: Record<string, string> = Object.create(null);
  for (const word of rest) {
    const equals = word.indexOf('=');
    const name = word.slice(0, equals).toLowerCase();
    // The first counts: what follows may stand in somebody's address.
    if (equals > 0 && !(name in properties)) properties[name] = word.slice(equals + 1);
  }
  return {
    method: (head.slice(0, at).split('/', 1)[0] ?? '').toLowerCase(),
    result: head.slice(at + 1).toLowerCase(),
    properties,
  };
}

/** Parted at semicolons; comments left out, quotation marks taken off with the blanks between them made harmless. */
function splitPieces(value: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < value.length; at++) {
    const character = value[at] as string;
    if (character === '\\' && (quoted || depth > 0)) {
      at += 1;
      if (quoted && depth === 0) piece += '_';
    } else if (quoted) {
      if (character === '"') quoted = false;
      else piece += /[\s;=]/.test(character) ? '_' : character;
    } else if (character === '(') depth += 1;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth > 0) continue;
    else if (character === '"') quoted = true;
    else if (character === ';') {
      pieces.push(piece.trim());
      piece = '';
    } else piece += character;
  }
  pieces.push(piece.trim());
  return pieces;
}
