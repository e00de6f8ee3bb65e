// The texts of a mail that we write: its subject, and its words as HTML.

const LONGEST_SUBJECT = 400;
/** In the languages of our users and their neighbours, as mail programs write them: `Re:`, `SV:`, `Atb:`, `Re[2]:`. */
const REPLY_PREFIXES =
  /^(?:\s*(?:re|sv|svar|vs|atb|atbilde|ats|aw|antw|antwort|odp|odg|res|resp|rif|ref|vá|ynt|rép|απ|отв|на|回复|答复|回覆)(?:\s?[[(]\d{1,3}[\])]|\^\d{1,3})?\s?[:\uff1a])+\s*/iu;

/** `Re:` once, whatever stood there before; on one line and of a length that every mail program shows. */
export function replySubject(subject: string): string {
  const line = subject.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
  return `Re: ${line.replace(REPLY_PREFIXES, '')}`.slice(0, LONGEST_SUBJECT).trimEnd();
}

/**
 * Plain text as HTML that says the same: escaped, paragraphs at blank lines, addresses of the web as links. `quote` stands
 * beneath as history, by `quoteHtml` as it looked, which is safe already; `mark` is hidden in an id that mail programs carry along when they quote (M6c). They put words of
 * their own before an id, so a dash keeps it recognisable. `named` are texts that stand out, such as "@Ana Bērziņa".
 */
export function htmlFromText(
  text: string,
  more: { quote?: string; quoteHtml?: string; mark?: string; named?: readonly string[] } = {},
): string {
  const history = more.quoteHtml ?? paragraphs(more.quote ?? '');
  const quote = history ? `<blockquote type="cite">${history}</blockquote>` : '';
  const html = paragraphs(text, more.named) + quote;
  return more.mark ? `<div id="x-${escaped(more.mark)}">${html}</div>` : html;
}

function paragraphs(text: string, named: readonly string[] = []): string {
  const blocks = text
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .filter((block) => block.trim() !== '');
  return blocks.map((block) => `<p>${withLinks(block, named).replaceAll('\n', '<br>')}</p>`).join('');
}

const LINKS = /(\bhttps?:\/\/[^\s<>"]+)/i;

function withLinks(text: string, named: readonly string[]): string {
  const parts = text.split(named.length > 0 ? namesAndLinks(named) : LINKS);
  const made = (part: string) =>
    /^https?:/i.test(part) ? link(part) : `<b class="mention">${escaped(part)}</b>`;
  return parts.map((part, index) => (index % 2 === 0 ? escaped(part) : made(part))).join('');
}

/** The longer name first: "@Ana Ozola" is not "@Ana". */
function namesAndLinks(named: readonly string[]): RegExp {
  const names = named
    .toSorted((a, b) => b.length - a.length)
    .map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .map((name) => `(?<![\\p{L}\\p{N}_])(?:${name})(?![\\p{L}\\p{N}_])`);
  return new RegExp(`${LINKS.source.slice(0, -1)}|${names.join('|')})`, 'iu');
}

function link(found: string): string {
  const url = withoutEndOfSentence(found);
  const rest = found.slice(url.length);
  if (!URL.canParse(url)) return escaped(found);
  return `<a href="${escaped(url)}" rel="noopener noreferrer">${escaped(url)}</a>${escaped(rest)}`;
}

/** The full stop after an address is the sentence's, and so is a bracket that was not opened within it. */
function withoutEndOfSentence(url: string): string {
  let end = url.length;
  while (
    end > 0 &&
    (".,;:!?'*]}»”’…".includes(url[end - 1] ?? '') || (url[end - 1] === ')' && !url.includes('(')))
  )
    end -= 1;
  return url.slice(0, end);
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
