// What the pages about rules are given. Types only.
import type { ShownTime, Translate } from '../../i18n';
import type { FieldErrors, PageModel } from '../../web';
import type { Choice, ConditionModel } from '../views/page-models';

export interface RuleLine {
  id: number;
  href: string;
  name: string;
  isOn: boolean;
  asks: string;
  does: string;
  /** What else matters: that it looks at answers, that it is the last to run. */
  more: string[];
  ran: string;
  lastRun?: ShownTime;
  /** What of it does nothing, and why it failed. */
  problems: string[];
  /** Absent where there is none above or below. */
  up: boolean;
  down: boolean;
}

/** views/rules/index */
export interface RulesPage extends PageModel {
  t: Translate;
  rules: RuleLine[];
}

/** views/rules/edit */
export interface RulePage extends PageModel {
  t: Translate;
  action: string;
  /** Sent the same form, it shows what the rule would have found. */
  tryAction: string;
  values: {
    name: string;
    match: string;
    doTag: string;
    doPriority: string;
    doTeam: string;
    doAssignee: string;
    doStatus: string;
  };
  isOn: boolean;
  doSpam: boolean;
  onAnswers: boolean;
  stops: boolean;
  conditions: ConditionModel[];
  /** What the form offers. */
  priorities: Choice[];
  teams: Choice[];
  assignees: Choice[];
  statuses: Choice[];
  errors: FieldErrors;
  problems: string[];
  /** Of a rule that is saved: how often it ran. */
  ran?: string;
  lastRun?: ShownTime;
  tried?: { words: string; tickets: { href: string; number: string; subject: string }[] };
  removal?: string;
}

/** views/rules/remove */
export interface RuleRemovalPage extends PageModel {
  t: Translate;
  action: string;
  back: string;
}
