// A note to ourselves that goes by way of somebody's browser: unreadable there, unchangeable, and good for one purpose.
import type { z } from 'zod';
import { keyedHash, sameSecret } from './ids';
import { seal, unseal } from './secret-box';

/** Letters, digits, `-`, `_` and one point: fit for a hidden field or a cookie. */
export function sealNote(key: Buffer, purpose: string, contents: object): string {
  const sealed = seal(key, JSON.stringify(contents)).toString('base64url');
  return `${sealed}.${markOf(key, purpose, sealed)}`;
}

/** Undefined for anything that `sealNote` did not make with this key for this purpose. Throws when its shape is another one. */
export function openNote<Contents>(
  key: Buffer,
  purpose: string,
  shape: z.ZodType<Contents>,
  note: string,
): Contents | undefined {
  const [sealed = '', mark = ''] = note.split('.');
  if (!sameSecret(mark, markOf(key, purpose, sealed))) return undefined;
  return shape.parse(JSON.parse(unseal(key, Buffer.from(sealed, 'base64url'))));
}

const markOf = (key: Buffer, purpose: string, sealed: string) => keyedHash(key, `${purpose} ${sealed}`);
