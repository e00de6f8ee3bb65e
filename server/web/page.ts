// page(): the one way from a model to an answer.
import { crc32 } from 'node:zlib';
import type { RequestHandler, Response } from 'express';
import { heard, type Said } from './said';
import type { StaticFiles } from './static-files';
import type { Include } from './templates';

export interface PageModel {
  title: string;
  /** Which layout stands around the view; `desk` unless said otherwise, `none` for fragments. */
  layout?: 'desk' | 'settings' | 'plain' | 'none';
  /** Which entry of the rail or the settings list is the current one. */
  current?: string;
  /** Said on this page; else what the action before it said. */
  flash?: Said;
}

export interface Pages {
  render: Include;
  files: StaticFiles;
}

/**
 * Stands in a page where a large part belongs whose bytes are kept ready; a comment, which nobody's words can hold because they
 * are escaped. Encoding such a part anew takes longer than all the rest of a list.
 */
export const KEPT = '<!--kept-->';

/** Renders `view` with its layout and sends it. The same state gives the same bytes (DESIGN 4). `kept` comes in for `KEPT`. */
export function page(res: Response, view: string, model: PageModel, status = 200, kept?: Uint8Array): void {
  send(res, bytesOf(renderPage(res, view, model), kept), status);
}

/** A piece of a page, without layout. */
export function fragment(res: Response, view: string, model: object, kept?: Uint8Array): void {
  send(res, bytesOf(pagesOf(res).render(view, model), kept));
}

/** The same as text, for pages made of many pieces. */
export const renderFragment = (res: Response, view: string, model: object): string =>
  pagesOf(res).render(view, model);

export function renderPage(res: Response, view: string, model: PageModel): string {
  const { render, files } = pagesOf(res);
  const { reader, shell } = res.req.context;
  const bodyHtml = render(view, model);
  const layout = model.layout ?? 'desk';
  if (layout === 'none') return bodyHtml;
  return render(`layouts/${layout}`, {
    t: reader.t,
    lang: reader.locale,
    zone: reader.zone,
    title: model.title,
    bodyHtml,
    asset: files.address,
    shell: layout === 'plain' ? undefined : shell?.(model.current ?? ''),
    flash: model.flash ?? heard(res),
  });
}

const encoder = new TextEncoder();
let scratch = Buffer.allocUnsafe(1 << 18);

/** As UTF-8, with `kept` where `KEPT` stands. Encoding into a place that is large enough takes half the time of `Buffer.from`. */
export function bytesOf(html: string, kept?: Uint8Array): Buffer {
  const most = html.length * 3 + (kept?.length ?? 0);
  if (scratch.length < most) scratch = Buffer.allocUnsafe(most);
  const at = kept ? html.indexOf(KEPT) : -1;
  let length = encoder.encodeInto(at < 0 ? html : html.slice(0, at), scratch).written;
  if (kept && at >= 0) {
    scratch.set(kept, length);
    length += kept.length;
    length += encoder.encodeInto(html.slice(at + KEPT.length), scratch.subarray(length)).written;
  }
  return Buffer.from(scratch.subarray(0, length));
}

/** HTML that this server rendered. The tag lets browsers keep what has not changed; Express's own `send` costs a third more. */
export function send(res: Response, bytes: Buffer, status = 200): void {
  // A checksum, not a secret: equal bytes are what a browser may keep (SHA-1 took a fifth of a page's time).
  const tag = `"${bytes.length.toString(36)}-${crc32(bytes).toString(36)}"`;
  res.setHeader('Cache-Control', 'private, no-cache');
  res.setHeader('ETag', tag);
  if (status === 200 && res.req.headers['if-none-match'] === tag) {
    res.statusCode = 304;
    res.end();
    return;
  }
  res.statusCode = status;
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  res.setHeader('Content-Length', bytes.length);
  res.end(bytes);
}

export const asset = (res: Response, name: string) => pagesOf(res).files.address(name);

/** A static file under an address that stays, e.g. /widget.js for `widget/loader.js`. */
export const staticFile =
  (name: string, cache: string): RequestHandler =>
  (req, res, next) =>
    pagesOf(res).files.serve(name, cache)(req, res, next);

const pagesOf = (res: Response): Pages => res.app.locals['pages'] as Pages;
