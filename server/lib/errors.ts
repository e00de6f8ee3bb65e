// The catalogue of things that can go wrong on purpose. Anything else is a bug and shown as one.

export type ProblemCode =
  | 'invalid'
  | 'not-signed-in'
  | 'not-allowed'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'misdirected'
  | 'too-many'
  | 'unavailable';

const STATUS: Record<ProblemCode, number> = {
  invalid: 422,
  'not-signed-in': 401,
  'not-allowed': 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  misdirected: 421,
  'too-many': 429,
  unavailable: 503,
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
export const NotFound = (message = 'There is nothing here.') => new Problem('not-found', message);
export const Conflict = (message: string) => new Problem('conflict', message);
export const TooLarge = (message: string) => new Problem('too-large', message);
export const Misdirected = (message: string) => new Problem('misdirected', message);
export const TooMany = (message: string) => new Problem('too-many', message);
export const Unavailable = (message: string, cause?: unknown) => new Problem('unavailable', message, cause);
