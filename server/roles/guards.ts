// The guards that stand in every route line. A test walks all routers and fails on a route without one.
import type { RequestHandler } from 'express';
import { NotAllowed, NotSignedIn } from '../lib/errors';
import { mayRole, type Permission, type Role } from './permissions';

export type Guard = RequestHandler & { guard: string };

const named = (guard: string, check: RequestHandler): Guard => Object.assign(check, { guard });

/** Lets through whoever holds the permission; outsiders are sent to sign in. */
export function can(permission: Permission): Guard {
  return named(permission, (req, _res, next) => {
    const actor = req.context.actor as { role: Role } | undefined;
    if (!actor) return next(NotSignedIn());
    next(mayRole(actor.role, permission) ? undefined : NotAllowed());
  });
}

/** Open to the world, on purpose; `why` is for the reader of the route line. */
export const anyone = (why: string): Guard => named(`anyone: ${why}`, (_req, _res, next) => next());
