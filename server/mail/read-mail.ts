// From raw bytes to what a reader may see: the work of the parse worker, pure and without network or disk.
import { maskCards } from '../lib/mask-cards';
import { shownContentIds } from '../lib/sanitize-html';
import { readBounce } from './bounce';
import { automaticReason, mayBeForm, type Signs } from './classify';
import type { EmbeddedPicture } from './embedded-pictures';
import { type Envelope, readEnvelope } from './envelope';
import { type Folded, foldText, isForwardSubject } from './fold-quotes';
import { type HtmlBody, readHtmlBody } from './html-body';
import { escapeHtml } from './html-tree';
import { LONGEST_TEXT, textOfHeavyHtml, weighHtml } from './limits';
import { bodyOf, type MailBody, type Passage } from './mail-body';
import { readFiles } from './mail-files';
import { contentOf, type Part } from './mime/part';
import type { Bounce, MailHtml, ParsedMail, UnreadableReason } from './parsed-mail';
import { type MimeMail, readMime } from './read-mime';

/** Reads any bytes; what could not be read whole says so in `unreadable`. */
export async function readMail(raw: Uint8Array): Promise<ParsedMail> {
  const mime = readMime(raw);
  const { root } = mime;
  const envelope = readEnvelope(root.headers, mime.likely);
  const body = readableBody(mime);
  const writing = readWriting(body, isForwardSubject(envelope.subject));
  const bounce = readBounce(root, envelope, writing.plain);
  const signs = signsOf(root, envelope, bounce);
  const subject = maskCards(envelope.subject);
  const { attachments, masked } = await readFiles(body.files, writing.pictures, shownIn(writing.html));
  const isEmpty =
    subject.text === '' &&
    attachments.length === 0 &&
    Object.values(writing.text).every((text) => text === '');
  const reason =
    mime.shortcoming ?? writing.shortcoming ?? (isSealed(root) ? 'encrypted' : isEmpty ? 'empty' : undefined);
  return {
    ...envelope,
    subject: subject.text,
    ...writing.text,
    html: writing.html,
    automatic: automaticReason(signs),
    formSender: mayBeForm(signs),
    bounce,
    markers: markersIn(body.passages),
    attachments,
    maskedCards: writing.maskedCards + subject.masked + masked,
    unreadable: reason && { reason },
    size: raw.byteLength,
  };
}

/** Its words and files; a mail that is nothing but another mail shows that one's words. */
function readableBody(mime: MimeMail): MailBody {
  const body = bodyOf(mime.root, mime.likely);
  const [only, ...others] = body.files;
  if (body.passages.length > 0 || only?.type !== 'message/rfc822' || others.length > 0) return body;
  const inner = readMime(contentOf(only));
  const { passages, pictures } = bodyOf(inner.root, inner.likely);
  return { ...body, passages, pictures };
}

interface Writing {
  text: Folded;
  html?: MailHtml;
  pictures: EmbeddedPicture[];
  /** All plain words, unfolded, for those who look for something in them. */
  plain: string;
  maskedCards: number;
  shortcoming?: UnreadableReason;
}

/** HTML when there is any that may be parsed, and its own words as text, so that the two agree; else the plain text. */
function readWriting({ passages, cut, pictures }: MailBody, isForward: boolean): Writing {
  const plain = passages
    .map((passage) => passage.plain ?? '')
    .join('\n')
    .trim();
  const html = passages.some((passage) => passage.html) ? inHtml(passages) : '';
  const isHeavy = html !== '' && weighHtml(html) !== 'fine';
  const read = html === '' || isHeavy ? undefined : readHtmlBody(html, { isForward });
  if (read && (read.text.words !== '' || plain === '' || pictures.length > 0)) {
    const whole = plain || Object.values(read.text).join('\n');
    return {
      ...read,
      ...(passages.some(({ htmlCut }) => htmlCut) ? { shortcoming: 'text-cut' as const } : {}),
      maskedCards: Math.max(read.maskedCards, maskCards(plain).masked),
      pictures,
      plain: whole,
    };
  }
  const shortcoming = isHeavy ? 'html-too-heavy' : cut ? 'text-cut' : undefined;
  const words = plain === '' && isHeavy ? textOfHeavyHtml(html, LONGEST_TEXT) : plain;
  return { ...readPlain(words, isForward), pictures, plain: words, shortcoming };
}

function readPlain(
  text: string,
  isForward: boolean,
): Pick<Writing, 'text' | 'maskedCards'> & Partial<HtmlBody> {
  const { text: masked, masked: maskedCards } = maskCards(text);
  return { text: foldText(masked, { isForward }), maskedCards };
}

/** All passages as one document; words that come as plain text only keep their lines. */
const inHtml = (passages: Passage[]) =>
  passages
    .map(
      (passage) => passage.html ?? `<div>${escapeHtml(passage.plain ?? '').replaceAll('\n', '<br>')}</div>`,
    )
    .join('\n');

const shownIn = (html: MailHtml | undefined) =>
  shownContentIds(html ? html.words + html.quote + html.signature : '');

const MARKER = /hd-[0-9a-f]{32}/gi;
const MOST_MARKERS = 20;

/** In text or anywhere in the HTML, attributes and unseen elements included: programs move such things about. */
function markersIn(passages: Passage[]): string[] {
  const found = passages.flatMap(({ html = '', plain = '' }) => [
    ...html.matchAll(MARKER),
    ...plain.matchAll(MARKER),
  ]);
  return [...new Set(found.map(([marker]) => marker.toLowerCase()))].slice(0, MOST_MARKERS);
}

function signsOf(root: Part, { returnPath, replyTo }: Envelope, bounce: Bounce | undefined): Signs {
  const reportType = root.parameters.get('report-type')?.toLowerCase() ?? '';
  return {
    headers: root.headers,
    returnPath,
    replyTo,
    type: root.type,
    reportType,
    isBounce: bounce !== undefined,
  };
}

/** Encrypted or sealed for a key that we do not have. */
const isSealed = (root: Part) => /^(multipart\/encrypted|application\/(x-)?pkcs7-mime)$/.test(root.type);
