// The HTML of a mail: taken apart, folded, its card numbers masked, and at the very end made safe (AC-03).
import { maskCards, maskCardsAcross } from '../lib/mask-cards';
import { policyFor, SANITISER_VERSION, sanitizeHtml } from '../lib/sanitize-html';
import { type Folded, foldHtml } from './fold-quotes';
import type { HtmlLine } from './fold-quotes/html-lines';
import { type HtmlText, isElement, readHtml } from './html-tree';
import type { MailHtml } from './parsed-mail';

export interface HtmlBody {
  /** The same words as plain text. */
  text: Folded;
  html: MailHtml;
  maskedCards: number;
}

/** Takes what `weighHtml` let through. */
export function readHtmlBody(html: string, options: { isForward: boolean }): HtmlBody {
  let maskedCards = 0;
  const folded = foldHtml(readHtml(html), options, (lines) => {
    for (const line of lines) maskedCards += maskLine(line);
  });
  return { text: folded.text, html: makeSafe(folded.html), maskedCards };
}

/** A number may run across several elements of its line. */
function maskLine(line: HtmlLine): number {
  const texts = line.leaves.filter((leaf): leaf is HtmlText => !isElement(leaf));
  const { pieces, masked } = maskCardsAcross(texts.map((leaf) => leaf.text));
  if (masked === 0) return 0;
  for (const [at, leaf] of texts.entries()) leaf.text = pieces[at] as string;
  line.text = maskCards(line.text).text;
  return masked;
}

/**
 * The words and the history decide how much is kept. A signature with a logo does not make a plain letter rich: it
 * loses the logo, which the raw mail still has.
 */
function makeSafe({ words, quote, signature }: Folded): MailHtml {
  const rich = { words: sanitizeHtml(words, 'rich'), quote: sanitizeHtml(quote, 'rich') };
  const kind = policyFor(rich.words) === 'simple' && policyFor(rich.quote) === 'simple' ? 'simple' : 'rich';
  return {
    kind,
    words: kind === 'rich' ? rich.words : sanitizeHtml(rich.words, kind),
    quote: kind === 'rich' ? rich.quote : sanitizeHtml(rich.quote, kind),
    signature: sanitizeHtml(signature, kind),
    sanitiserVersion: SANITISER_VERSION,
  };
}
