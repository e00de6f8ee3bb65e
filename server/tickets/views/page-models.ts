// What the pages about saved views are given. Types only.
import type { ShownTime, Translate } from '../../i18n';
import type { FieldErrors, PageModel } from '../../web';

export interface Choice {
  value: string;
  text: string;
}

/** One field. Inputs are called `name`, `nameOp` and `nameUnit`. */
export interface ConditionModel {
  name: string;
  label: string;
  kind: 'list' | 'flag' | 'age' | 'domain' | 'text';
  op: string;
  ops: Choice[];
  options?: (Choice & { checked: boolean })[];
  text?: string;
  /** What could stand in the input. */
  example?: string;
  unit?: string;
  units?: Choice[];
  isSet: boolean;
  error: string | undefined;
}

/** views/tickets/saved-view: a new one, or one that there is */
export interface ViewPage extends PageModel {
  t: Translate;
  action: string;
  /** Asked for with the same inputs, it shows what the view would hold. */
  preview: string;
  name: string;
  match: string;
  sort: string;
  sorts: Choice[];
  /** Absent for those who may not share. */
  shared: { checked: boolean } | undefined;
  conditions: ConditionModel[];
  errors: FieldErrors;
  found:
    | {
        words: string;
        tickets: { href: string; subject: string; customer: string; status: string; at: ShownTime }[];
      }
    | undefined;
  back: string;
  removal: string | undefined;
}

/** views/tickets/saved-view-removal */
export interface ViewRemovalPage extends PageModel {
  t: Translate;
  isShared: boolean;
  action: string;
  back: string;
}
