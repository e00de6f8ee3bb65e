// What an attachment may be called and shown as.

const LONGEST_NAME = 150;

/** Raster images are the only thing shown in place (AC-04); everything else is a download. */
const SHOWN_IN_PLACE = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

export const isShownInPlace = (type: string) => SHOWN_IN_PLACE.has(type);

/** A media type from our own sniffing; anything malformed is plain bytes. */
export const safeType = (type: string) =>
  /^[a-z0-9][a-z0-9.+-]{0,60}\/[a-z0-9][a-z0-9.+-]{0,90}$/.test(type) ? type : 'application/octet-stream';

/**
 * A name to show and to save under, never a path (AC-05): cleaned first, checked after; no separators, controls,
 * direction marks or invisible characters, no dots or blanks at either end.
 */
export function cleanFileName(name: string): string {
  const visible = name.normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu, '');
  const last = visible.split(/[/\\]/).filter(Boolean).at(-1) ?? '';
  const plain = last
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  if (plain.length <= LONGEST_NAME) return plain || 'file';
  const dot = plain.lastIndexOf('.');
  const ending = dot > 0 && plain.length - dot <= 12 ? plain.slice(dot) : '';
  return [...plain].slice(0, LONGEST_NAME - ending.length).join('') + ending;
}

/** RFC 6266 with the RFC 8187 form beside a plain one; the only place that writes this header. */
export function contentDisposition(kind: 'attachment' | 'inline', name: string): string {
  const clean = cleanFileName(name);
  const plain = clean.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const coded = encodeURIComponent(clean).replace(
    /['()*!]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${coded}`;
}
