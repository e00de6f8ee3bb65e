// Forms: values in, or the errors beside the fields with the input kept.
import type { Request } from 'express';
import { z } from 'zod';
import type { Translate } from '../i18n';

export type FieldErrors = Record<string, string>;

export interface GoodForm<Value> {
  ok: true;
  value: Value;
  values: Record<string, unknown>;
}

export interface BadForm {
  ok: false;
  /** What was typed, to be shown again. */
  values: Record<string, unknown>;
  /** A key of the catalogue per field. */
  errors: FieldErrors;
}

export type Form<Value> = GoodForm<Value> | BadForm;

/**
 * Reads a form with a strict schema: unknown fields are refused (AC-48), arrays and objects where a text belongs too
 * (AC-45). Messages in schemas are keys of the catalogue.
 */
export function readForm<Value>(schema: z.ZodType<Value>, req: Request): Form<Value> {
  return checkForm(schema, req.body);
}

/** `sent` is what a body was read as: a form, or anything else that JSON can say, which counts as an empty form. */
export function checkForm<Value>(schema: z.ZodType<Value>, sent: unknown): Form<Value> {
  const values =
    typeof sent === 'object' && sent !== null && !Array.isArray(sent)
      ? (sent as Record<string, unknown>)
      : {};
  // The one unknown name that schemas pass over in silence.
  if (Object.hasOwn(values, '__proto__'))
    return { ok: false, values: {}, errors: { form: 'errors.field.invalid' } };
  const result = schema.safeParse(values);
  if (result.success) return { ok: true, value: result.data, values };
  const errors: FieldErrors = {};
  for (const issue of result.error.issues) {
    const field = String(issue.path[0] ?? 'form');
    errors[field] ??=
      issue.message.includes('.') && !issue.message.includes(' ') ? issue.message : 'errors.field.invalid';
  }
  return { ok: false, values, errors };
}

/** A form that is wrong for a reason only the database knows. */
export function formWithError(values: Record<string, unknown>, field: string, key: string): BadForm {
  return { ok: false, values, errors: { [field]: key } };
}

/** The errors in the reader's words. */
export const errorWords = (t: Translate, errors: FieldErrors): FieldErrors =>
  Object.fromEntries(Object.entries(errors).map(([field, key]) => [field, t(key)]));

/** What was typed into a field, to be shown again; empty for anything that is no text. */
export const typedIn = (values: Record<string, unknown>, field: string): string =>
  typeof values[field] === 'string' ? values[field] : '';

/** A single line: trimmed, no control characters (AC-31). */
export const line = (most = 200) =>
  z
    .string()
    .trim()
    .max(most, 'errors.field.tooLong')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
    .refine((text) => !/[\u0000-\u001f\u007f\u2028\u2029]/.test(text), 'errors.field.control');

export const requiredLine = (most = 200) => line(most).min(1, 'errors.field.required');

/** Several lines as a browser sends them; line ends become \n, NUL is dropped. */
export const text = (most = 100_000) =>
  z
    .string()
    .max(most, 'errors.field.tooLong')
    .transform((words) => words.replace(/\r\n?/g, '\n').replaceAll('\0', ''));

export const requiredText = (most = 100_000) =>
  text(most).refine((words) => words.trim() !== '', 'errors.field.required');

/** A browser sends a checkbox only when it is ticked. */
export const checkbox = () =>
  z
    .literal('on')
    .optional()
    .transform((value) => value === 'on');

/** A whole number in plain decimals. */
export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'errors.field.number')
    .transform(Number)
    .refine((n) => n >= least && n <= most, 'errors.field.range');
