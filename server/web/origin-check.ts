// Cross-site requests may not change anything (AC-49), and only our own names are answered (AC-34).
import type { RequestHandler } from 'express';
import type { Config } from '../config';
import { ForeignForm, Invalid, Misdirected } from '../lib/errors';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Our own origin as this request sees it: the configured address, else the host it was sent to. */
export function ownOrigin(config: Config, host: string | undefined, secure: boolean): string {
  return config.publicUrl ?? `${secure ? 'https' : 'http'}://${host ?? ''}`;
}

/**
 * Unsafe methods need `Sec-Fetch-Site: same-origin` or, from browsers that do not send it, an Origin that is ours. Programs that send neither carry no cookies of a browser and are let through.
 */
export function originCheck(config: Config): RequestHandler {
  return (req, _res, next) => {
    if (SAFE.has(req.method)) return next();
    const site = req.headers['sec-fetch-site'];
    const origin = req.headers.origin;
    const ours = ownOrigin(config, req.headers.host, req.secure);
    if (site !== undefined ? site === 'same-origin' : origin === undefined || origin === ours) return next();
    next(ForeignForm());
  };
}

/**
 * With a configured address, requests for any other host are turned away; /health answers to every name. A request
 * without a Host is one of HTTP/1.0, or broken.
 */
export function hostCheck(config: Config): RequestHandler {
  const expected = config.publicUrl === undefined ? undefined : new URL(config.publicUrl);
  return (req, _res, next) => {
    const { host } = req.headers;
    if (req.path === '/health' || (expected ? isHost(expected, host) : host || req.httpVersion === '1.0'))
      return next();
    next(
      expected
        ? Misdirected(`This server answers as ${expected.host} only.`)
        : Invalid('The host is missing.'),
    );
  };
}

/** Host names know no case, and some proxies write the usual port, too. */
const isHost = ({ protocol, host }: URL, given = ''): boolean =>
  given === host || [host, `${host}:${protocol === 'https:' ? 443 : 80}`].includes(given.toLowerCase());
