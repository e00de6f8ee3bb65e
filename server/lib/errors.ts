// The catalogue of things that can go wrong on purpose. Anything else is a bug and shown as one.

export type ProblemCode =
  | 'invalid'
  | 'not-signed-in'
  | 'not-allowed'
  | 'foreign-form'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'misdirected'
  | 'too-many'
  | 'unavailable'
  | 'disk-full';

const STATUS: Record<ProblemCode, number> = {
  invalid: 422,
  'not-signed-in': 401,
  'not-allowed': 403,
  'foreign-form': 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  misdirected: 421,
  'too-many': 429,
  unavailable: 503,
  'disk-full': 507,
};

/** An expected failure: `message` is one sentence that is safe to show to whoever asked. */
export class Problem extends Error {
  readonly status: number;

  constructor(
    readonly code: ProblemCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'Problem';
    this.status = STATUS[code];
  }
}

export const Invalid = (message: string, cause?: unknown) => new Problem('invalid', message, cause);
export const NotSignedIn = () => new Problem('not-signed-in', 'Sign in first.');
export const NotAllowed = (message = 'Your role does not allow this.') => new Problem('not-allowed', message);
export const ForeignForm = () =>
  new Problem('foreign-form', 'This form was sent from another website and was not accepted.');
export const NotFound = (message = 'There is nothing here.') => new Problem('not-found', message);
export const Conflict = (message: string) => new Problem('conflict', message);
export const TooLarge = (message: string) => new Problem('too-large', message);
export const Misdirected = (message: string) => new Problem('misdirected', message);
export const TooMany = (message: string) => new Problem('too-many', message);
export const Unavailable = (message: string, cause?: unknown) => new Problem('unavailable', message, cause);

const SEEN_ON_DISKS: [codes: RegExp, code: ProblemCode, message: string][] = [
  [/^(ENOSPC|EDQUOT|SQLITE_FULL)$/, 'disk-full', 'The disk is full; nothing was changed.'],
  [/^EROFS$/, 'unavailable', 'The disk can only be read; nothing was changed.'],
  [
    /^SQLITE_(READONLY|CANTOPEN|PERM)/,
    'unavailable',
    'The database in the data folder cannot be written by this user.',
  ],
  [
    /^SQLITE_(NOTADB|CORRUPT)/,
    'unavailable',
    'hearthdesk.db is damaged or no database: put it aside and restore the newest backup.',
  ],
];

/** What the disk refuses is nobody's bug, and is said (R2); undefined for every other error. */
export function diskProblem(error: unknown): Problem | undefined {
  const given = String((error as { code?: unknown } | undefined)?.code);
  const [, code, message] = SEEN_ON_DISKS.find(([codes]) => codes.test(given)) ?? [];
  return code && message ? new Problem(code, message, error) : undefined;
}
