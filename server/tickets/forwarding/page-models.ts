// What the form that forwards is given. Types only: present-forward.ts fills it, views/tickets/forward shows it.
import type { Translate } from '../../i18n';
import type { PageModel } from '../../web';
import type { PeopleModel, WritingForm } from '../writing/page-models';

export interface ForwardPage extends PageModel {
  t: Translate;
  /** Back to the ticket, at the message. */
  back: string;
  ticket: string;
  /** Posts `clientId`, `to`, `words`, `message`, `file`, `files`. Its draft is kept like those of the composer. */
  form: WritingForm;
  draft: string;
  /** Where files are kept as soon as they are chosen. */
  filesAddress: string;
  people: PeopleModel;
  /** The message's number; empty for the whole conversation. */
  message: string;
  /** The other choice: the conversation instead of the message. */
  other?: { href: string; text: string };
  original: { head: string; words: string };
  /** Files of the original, to be ticked. */
  files: { id: number; name: string; size: string; isChosen: boolean }[];
  /** They are more than a mail should carry. */
  tooMuch: string | undefined;
  /** The mailbox it leaves from. */
  from?: string;
  /** Why nothing is sent from here. */
  onlyRead?: string | undefined;
}
