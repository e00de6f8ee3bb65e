// What a website and its visitors' browsers fetch: the loader, the button's looks, the frame. Open to the world on purpose.
import type { Response } from 'express';
import type { App } from '../app';
import { anyone } from '../roles';
import { createRouter, ownOrigin, page, renderPage, staticFile } from '../web';
import { siteFor } from './access';
import { inputOf } from './present-sites';
import { framePage, launcher, recallPage } from './present-widget';
import { originsOf } from './site';

const LOADER_CACHE = 'public, max-age=300, stale-while-revalidate=86400';

export function widgetRoutes(app: App) {
  const router = createRouter();

  router.get('/widget.js', anyone('websites load it'), staticFile('widget/loader.js', LOADER_CACHE));

  router.get('/widget/looks/:site.js', anyone('the loader asks for colour and label'), (req, res) => {
    const looks = launcher(app, siteFor(app, req.params['site']));
    res.set('Cross-Origin-Resource-Policy', 'cross-origin').set('Cache-Control', LOADER_CACHE);
    res.type('js').send(`hearthdeskChat(${JSON.stringify(looks)});\n`);
  });

  router.get('/widget/frame', anyone('the chat itself, in pages of the site'), (req, res) => {
    const site = siteFor(app, req.query['site']);
    mayBeFramed(res, ownOrigin(app.config, req.headers.host, req.secure), originsOf(site));
    page(res, 'chat/frame', framePage(app, site, inputOf(site), { preview: false }));
  });

  router.get('/widget/recall', anyone('asked by the loader on each page'), (req, res) => {
    const site = siteFor(app, req.query['site']);
    mayBeFramed(res, ownOrigin(app.config, req.headers.host, req.secure), originsOf(site));
    res
      .set('Cache-Control', LOADER_CACHE)
      .type('html')
      .send(renderPage(res, 'chat/recall', recallPage(app, site)));
  });

  return router;
}

/**
 * The only pages that others may put in a frame (AC-55). Nothing inline, nothing from anyone else; the socket's own
 * address is written out, because some browsers do not count it as 'self'.
 */
export function mayBeFramed(res: Response, own: string, ancestors: string[]): void {
  const host = URL.parse(own)?.host ?? '';
  res.removeHeader('X-Frame-Options');
  res.set(
    'Content-Security-Policy',
    [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `connect-src 'self' ws://${host} wss://${host}`,
      "form-action 'self'",
      "base-uri 'none'",
      `frame-ancestors ${["'self'", ...ancestors].join(' ')}`,
    ].join('; '),
  );
}
