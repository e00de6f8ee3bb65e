// The edge where errors of requests end: a page that says what happened, what was kept and what to try.
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { App } from '../app';
import { NotFound, Problem } from '../lib/errors';
import { reportError } from '../lib/report-error';
import { page } from './page';

export const nothingHere: RequestHandler = (_req, _res, next) => next(NotFound());

export function errorPage(app: App): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (res.headersSent) return next(error);
    const problem = asProblem(error);
    if (!problem) reportError(app.log, `${req.method} ${req.route?.path ?? 'request'}`, error);
    const status = problem?.status ?? 500;
    const code = problem?.code ?? 'unexpected';
    if (req.accepts(['html', 'json']) === 'json') {
      res.status(status).json({ error: code, message: problem?.message ?? 'Something unexpected happened.' });
      return;
    }
    if (code === 'not-signed-in') {
      // Where a form was sent to is no page to go on to.
      const next = req.method === 'GET' ? req.originalUrl : '/';
      return res.redirect(303, `/sign-in?next=${encodeURIComponent(next)}`);
    }
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

/** Express's own refusals (a body that is too large, a malformed address) are the asker's, not bugs. */
function asProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  const status = (error as { status?: unknown })?.status;
  if (status === 404) return NotFound();
  if (status === 413) return new Problem('too-large', 'That is more than this server takes at once.', error);
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Problem('invalid', 'That request could not be read.', error);
  return undefined;
}
