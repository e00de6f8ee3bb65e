// Pictures in sanitised HTML come to life here and nowhere else (AC-03, AC-08).

export interface ImageSources {
  /** Where a picture of the mail itself is served, by its Content-ID; undefined when it is not there. */
  cid(contentId: string): string | undefined;
  /** Whether pictures from the web are fetched: only on the reader's wish. */
  remote: boolean;
}

/**
 * The HTML with a source for every picture that may be shown; the others stay without one, and nothing is fetched.
 * Takes what `sanitizeHtml` returned: there every > in an attribute is escaped.
 */
export function withImages(html: string, sources: ImageSources): string {
  return html.replace(/<img ([^>]*?) ?\/>/g, (whole, attributes: string) => {
    const cid = attributeOf(attributes, CID);
    const address =
      cid !== undefined ? sources.cid(cid) : sources.remote ? attributeOf(attributes, REMOTE) : undefined;
    if (address === undefined) return whole;
    return `<img ${attributes} src="${escapeAttribute(address)}" referrerpolicy="no-referrer" loading="lazy" />`;
  });
}

/** Whether sanitised HTML would show more on the reader's wish. */
export const hasRemoteImages = (html: string): boolean => html.includes(' data-remote-src="');

/** The Content-IDs of the pictures that sanitised HTML shows. */
export function shownContentIds(html: string): Set<string> {
  return new Set(
    [...html.matchAll(/<img ([^>]*)>/g)].flatMap(
      ([, attributes]) => attributeOf(attributes as string, CID) ?? [],
    ),
  );
}

const CID = /(?:^| )data-cid="([^"]*)"/;
const REMOTE = /(?:^| )data-remote-src="([^"]*)"/;

function attributeOf(attributes: string, name: RegExp): string | undefined {
  const value = name.exec(attributes)?.[1];
  return value
    ?.replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

const escapeAttribute = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
