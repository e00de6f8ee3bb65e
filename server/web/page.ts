// page(): the one way from a model to an answer.
import type { Response } from 'express';
import type { Include } from './templates';
import { heard, type Said } from './said';
import type { StaticFiles } from './static-files';

export interface PageModel {
  title: string;
  /** Which layout stands around the view; `desk` unless said otherwise, `none` for fragments. */
  layout?: 'desk' | 'settings' | 'plain' | 'chat' | 'none';
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
export const renderFragment = (res: Response, view: string, model: object): string => pagesOf(res).render(view, model);

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
    shell: layout === 'plain' || layout === 'chat' ? undefined : shell?.(model.current ?? ''),
    flash: model.flash ?? heard(res),
  });
}

/** HTML that this server rendered. The tag lets browsers keep what has not changed. */
export function send(res: Response, html: string, status = 200): void {
  res.status(status).set('Cache-Control', 'private, no-cache').type('html').send(html);
}

export const asset = (res: Response, name: string) => pagesOf(res).files.address(name);

const pagesOf = (res: Response): Pages => res.app.locals['pages'] as Pages;
