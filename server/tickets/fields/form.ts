// The forms of fields: one in the settings, and the filled-in ones beside a ticket or a customer.
import type { Request } from 'express';
import { z } from 'zod';
import { checkbox, type Form, line, readForm, requiredLine, text } from '../../web';
import { FIELD_TYPES, type FieldRow, LONGEST_VALUE, MOST_CHOICES, SUBJECTS } from './field';
import type { FieldInput } from './fields';
import type { Typed } from './values';

const LONGEST_CHOICE = 100;

/** One choice a line; each once. */
const choices = text(MOST_CHOICES * (LONGEST_CHOICE + 2))
  .transform((typed) => [
    ...new Set(
      typed
        .split('\n')
        .map((choice) => choice.trim())
        .filter(Boolean),
    ),
  ])
  .refine(
    (list) => list.length <= MOST_CHOICES && list.every((choice) => choice.length <= LONGEST_CHOICE),
    'tickets.fields.choices.tooMany',
  );

const shape = { name: requiredLine(60), choices: choices.default([]), isNeeded: checkbox() };

export const changedFieldForm = z.strictObject(shape);
export const newFieldForm = z.strictObject({
  ...shape,
  subject: z.enum(SUBJECTS),
  type: z.enum(FIELD_TYPES),
});
export const fieldPlaceForm = z.strictObject({ to: z.enum(['up', 'down']) });

/** A choice without choices is none. */
export const lacksChoices = (type: FieldRow['type'], input: FieldInput) =>
  type === 'choice' && input.choices.length === 0;

/**
 * What a page sent of these fields, by the field's id: `f` and the id is what was typed, `was` and the id what stood there. A box that is
 * not ticked sends nothing, so its own field says that it was asked. A field that the page did not show is missing.
 */
export function readTyped(fields: FieldRow[], req: Request): Form<Map<number, Typed>> {
  const asked = z.strictObject(
    Object.fromEntries(
      fields.flatMap(({ id }) => [
        [`f${id}`, line(LONGEST_VALUE * 2).optional()],
        [`was${id}`, line(LONGEST_VALUE).optional()],
      ]),
    ),
  );
  const form = readForm(asked, req);
  if (!form.ok) return form;
  const typed = new Map<number, Typed>();
  for (const { id, type } of fields) {
    const was = form.value[`was${id}`];
    const value = form.value[`f${id}`] ?? (type === 'checkbox' ? '' : undefined);
    if (was === undefined || value === undefined) continue;
    typed.set(id, { typed: type === 'checkbox' && value ? '1' : value, was });
  }
  return { ...form, value: typed };
}
