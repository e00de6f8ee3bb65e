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

/** Renders `view` with its layout and sends it. The same state gives the same bytes (DESIGN 4). */
export function page(res: Response, view: string, model: PageModel, status = 200): void {
  send(res, renderPage(res, view, model), status);
}

/** A piece of a page, without layout. */
export function fragment(res: Response, view: string, model: object): void {
  send(res, pagesOf(res).render(view, model));
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

/** HTML that this server rendered. The tag lets browsers keep what has not changed; Express's own `send` costs a third more. */
export function send(res: Response, html: string, status = 200): void {
  const bytes = Buffer.from(html);
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
