// Style sheets, scripts, fonts and icons: hashed names, kept for a year, compressed by the build.
import type { RequestHandler } from 'express';
import { findAsset, listAssets, readAsset } from '../lib/assets';

export interface StaticFiles {
  /** `css/desk.css` → `/static/css/desk-3F2A.css`. */
  address(name: string): string;
  /** A file by its plain name, e.g. `widget/loader.js`, with its compressed forms. */
  serve(name: string, cache: string): RequestHandler;
  router: RequestHandler;
}

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  woff2: 'font/woff2',
  png: 'image/png',
  ico: 'image/x-icon',
  webmanifest: 'application/manifest+json',
};

export function openStaticFiles(): StaticFiles {
  const manifest = JSON.parse(findAsset('static/manifest.json')?.toString('utf8') ?? '{}') as Record<
    string,
    string
  >;
  const names = new Set(listAssets('static/').map((name) => name.slice('static/'.length)));

  const sendFile =
    (name: string, cache: string): RequestHandler =>
    (req, res, next) => {
      if (!names.has(name)) return next();
      const accepted = String(req.headers['accept-encoding'] ?? '');
      const coding =
        accepted.includes('br') && names.has(`${name}.br`)
          ? 'br'
          : accepted.includes('gzip') && names.has(`${name}.gz`)
            ? 'gzip'
            : undefined;
      res.set('Content-Type', TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream');
      res
        .set('Cache-Control', cache)
        .set('Vary', 'Accept-Encoding')
        .set('Cross-Origin-Resource-Policy', 'cross-origin');
      if (coding) res.set('Content-Encoding', coding);
      res.send(readAsset(`static/${name}${coding === 'br' ? '.br' : coding === 'gzip' ? '.gz' : ''}`));
    };

  return {
    address: (name) => `/static/${manifest[name] ?? name}`,
    serve: (name, cache) => sendFile(manifest[name] ?? name, cache),
    router: (req, res, next) =>
      sendFile(req.path.slice(1), 'public, max-age=31536000, immutable')(req, res, next),
  };
}
