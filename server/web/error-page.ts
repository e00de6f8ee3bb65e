// The edge where errors of requests end: a page that says what happened, what was kept and what to try.
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { App } from '../app';
import { diskProblem, NotFound, Problem } from '../lib/errors';
import { reportError } from '../lib/report-error';
import { page } from './page';

export const nothingHere: RequestHandler = (_req, _res, next) => next(NotFound());

export function errorPage(app: App): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (res.headersSent) return next(error);
    const problem = asProblem(error);
    // Whoever asks is told that the disk is full; whoever runs the server reads it here.
    if (!problem || (problem !== error && problem.status >= 500))
      reportError(app.log, `${req.method} ${req.route?.path ?? 'request'}`, error);
    if (problem?.status === 403) noteRefusal(app, req);
    const status = problem?.status ?? 500;
    const code = problem?.code ?? 'unexpected';
    if (req.accepts(['html', 'json']) === 'json') {
      res.status(status).json({ error: code, message: problem?.message ?? 'Something unexpected happened.' });
      return;
    }
    if (code === 'not-signed-in')
      return res.redirect(303, `/sign-in?next=${encodeURIComponent(wayBack(req))}`);
    // Before anybody knows who asks, there is no language to say it in.
    const reader = (req.context as Request['context'] | undefined)?.reader;
    if (!reader)
      return void res
        .status(status)
        .type('text')
        .send(problem?.message ?? 'Something unexpected happened.');
    const model = {
      layout: 'plain' as const,
      t: reader.t,
      title: reader.t(`errors.${code}.title`),
      code,
      status,
    };
    page(res, 'errors/problem', model, status);
  };
}

/** Longer ones would not fit into the address of the next page. */
const LONGEST_WAY = 2_000;

/**
 * Where to go on after signing in. What a form is sent to is no page, but the thing it is about is: /tickets/42/replies
 * leads to /tickets/42, /settings/profile/email to /settings/profile.
 */
function wayBack({ method, originalUrl, path }: Request): string {
  if (method === 'GET' || method === 'HEAD') return originalUrl.length > LONGEST_WAY ? '' : originalUrl;
  const [first, second] = path.split('/').filter(Boolean);
  return second === undefined ? '' : `/${first}/${second}`;
}

/** Somebody signed in who tries doors that are not theirs is worth knowing (AC-50): who, by number, and which door. */
function noteRefusal(app: App, req: Request): void {
  const actor = (req.context as Request['context'] | undefined)?.actor as { id: number } | undefined;
  if (actor) app.log.warn({ agent: actor.id, method: req.method, route: req.route?.path }, 'refused');
}

/** Express's own refusals (a body that is too large, a malformed address) are the asker's, not bugs. */
function asProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  const ofDisk = diskProblem(error);
  if (ofDisk) return ofDisk;
  const status = (error as { status?: unknown })?.status;
  if (status === 404) return NotFound();
  if (status === 413) return new Problem('too-large', 'That is more than this server takes at once.', error);
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Problem('invalid', 'That request could not be read.', error);
  return undefined;
}
