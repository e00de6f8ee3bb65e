// RFC 3676: lines that end in a blank go on in the next one.

/** The text with its paragraphs whole again. `deleteSpace` is the parameter delsp=yes. */
export function unflow(text: string, deleteSpace: boolean): string {
  const out: string[] = [];
  let open: { depth: number; text: string } | undefined;
  for (const line of text.split('\n')) {
    const depth = quoteDepth(line);
    // A quoted line's words, or an unquoted one's, may be stuffed with one blank.
    const words = line.slice(depth).replace(/^ /, '');
    if (open && open.depth !== depth) {
      out.push(marked(open));
      open = undefined;
    }
    const joined: { depth: number; text: string } = { depth, text: (open?.text ?? '') + words };
    const flows = words.endsWith(' ') && words !== '-- ';
    open = flows ? { depth, text: deleteSpace ? joined.text.slice(0, -1) : joined.text } : undefined;
    if (!flows) out.push(marked(joined));
  }
  if (open) out.push(marked(open));
  return out.join('\n');
}

const marked = ({ depth, text }: { depth: number; text: string }) =>
  depth > 0 ? `${'>'.repeat(depth)} ${text}` : text;

function quoteDepth(line: string): number {
  let depth = 0;
  while (line[depth] === '>') depth++;
  return depth;
}
