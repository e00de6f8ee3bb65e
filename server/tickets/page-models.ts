// What the views of tickets are given. Types only: present.ts fills them, views/ shows them.
//
// Words are in the reader's language already or keys under `tickets.`; times are shown texts; an address that is missing means
// that this reader may not do it, and the view leaves the form out.
import type { ShownTime, Translate } from '../i18n';
import type { FieldErrors, PageModel } from '../web';
import type { OwnFields } from './fields/present';
import type { SenderCheck, WhyModel } from './filing/page-models';
import type { Doing } from './macros/present';
import type { MergedInto } from './merging/present';
import type { DeliveryState, Priority, Status } from './ticket';
import type { LaterModel, NoteForm, PeopleModel, WritingForm } from './writing/page-models';

/** Initials on a stable colour. `hue` from 0 to 359. */
export interface Person {
  name: string;
  initials: string;
  hue: number;
}

export interface Choice {
  value: string;
  text: string;
}

// The conversation -----------------------------------------------------------------------------------------------

/** What somebody wrote: simple HTML stands in the page, rich HTML in a frame of its own (DESIGN 4). */
export interface Writing {
  /** Sanitised, or made from plain text. */
  simpleHtml?: string;
  /** `/tickets/42/messages/7/body`, `…?part=quote`. */
  frame?: string;
}

export interface FileModel {
  name: string;
  size: string;
  href: string;
  /** Raster images are shown: the address of the picture itself. */
  picture?: string;
}

export interface DeliveryModel {
  state: DeliveryState;
  /** When it was taken, or tried last. */
  at?: ShownTime;
  /** The mail server's literal words. */
  answer?: string;
  /** What happened, where the state alone does not say it. */
  words?: string;
  /** Posts: send again (failed, uncertain) or send now (held); it arrived (uncertain, held by a restore). */
  resend?: string;
  arrived?: string;
  /** Post: leave it at that (failed, held). */
  dismiss?: string;
  /** It waits for its time. */
  leavesAt?: ShownTime;
  /** Posts: it goes now; it comes into the composer of whoever asks. */
  sendNow?: string;
  takeBack?: string;
  /** Said instead of the state: not sent and who decided that, or that it did not leave from here. */
  instead?: string;
  /** What every server said about it, to print or to keep. */
  evidence?: string;
}

/** views/tickets/_message */
export interface MessageModel {
  t: Translate;
  id: number;
  sequence: number;
  kind: 'customer' | 'agent' | 'note' | 'system';
  author: Person;
  at: ShownTime;
  /** System lines: the whole sentence. */
  line?: string;
  words: Writing;
  quote?: Writing;
  signature?: Writing;
  files: FileModel[];
  delivery?: DeliveryModel;
  /** The frame's address with remote images, when some were left out. */
  imagesHref?: string;
  /** What went to somebody outside, and where an answer of theirs came from: only colleagues see either. */
  forwarded?: string;
  third?: { text: string; again?: string };
  /** Where it is forwarded. */
  forward?: string;
  /** Of a mail of ours: "to a@b.example, copy to c@d.example". */
  sentTo?: string;
  /** Under "Details": who wrote and to whom, how it came here (M6), the raw mail. */
  facts?: { from?: string; to?: string; cc?: string; rawHref?: string };
  /** Under "Why is this message here?" (M6). */
  why?: WhyModel;
  /** Whether its sender's domain vouches for it, in words (AC-15). */
  sender?: SenderCheck;
  /** M9 */
  automatic?: boolean;
  /** M7: from somebody who is not on the ticket. `action` takes `participant` and `accept` (1 or 0). */
  unverified?: { address: string; participant: number; action?: string };
  /** M13: what could not be read, in words. The raw mail is `facts.rawHref`. */
  unreadable?: string;
  /** P11: how many card numbers were masked. */
  maskedCards?: number;
}

/** views/tickets/_chat. That the visitor writes and what they have seen arrives as data; here are the words for it. */
export interface ChatLine {
  live: boolean;
  text: string;
  /** The page of the website on which it began. */
  begun?: { href: string; text: string };
  buttons: { action: string; text: string; main: boolean }[];
  typing: string;
  seen: string;
  /** Sequence of the newest message that the visitor has seen. */
  seenSequence: number;
}

export interface TicketPage extends PageModel {
  t: Translate;
  number: number;
  subject: string;
  /** It may be cut in the head. */
  hasLongSubject: boolean;
  /** What the page shows: of the newest message, and of any visible change. */
  sequence: number;
  changedSequence: number;
  /** `/tickets/list?view=open`: the list beside it, fetched by itself; `back` is the same as a page. */
  listSrc: string;
  back: string;
  status: { value: Status; text: string };
  /** "by e-mail to support@teapot.example" */
  channel: string;
  isSpam: boolean;
  tags: string[];
  /** The other half of a conversation: "continues #1040". */
  linked?: { href: string; text: string };
  /** Messages that were moved here, or away. */
  moves: { href: string; text: string }[];
  /** The customer's address, and whether its mail is let in. Posts `participant` and `block` (1 or 0). */
  block?: { action: string; participant: number; address: string; isBlocked: boolean; by?: string };
  /** It was merged: the conversation goes on elsewhere, and here it can only be read. */
  merged?: MergedInto;
  /** Tickets that were merged into it. */
  tookIn: { href: string; text: string; subject: string }[];
  /** A chat that waits or runs, as one line with its buttons; the chat domain says what they are. */
  chat?: ChatLine;
  /** O5: messages that failed, are uncertain or held back; shown loudly above the conversation. */
  undelivered: number;
  messages: MessageModel[];
  /** Earlier messages of a very long ticket, on a page of their own. */
  earlier?: { href: string; text: string };
  /** From such a page back to the newest. */
  newest?: string;

  /** The firm's own fields, where it has some. */
  fields?: OwnFields;

  /** Absent for readers. Which of the two forms is open. */
  composer?: {
    mode: 'reply' | 'note';
    reply?: WritingForm & {
      /** To whom, where it goes by mail; else `to` says where it goes. */
      people?: PeopleModel;
      to?: string;
      thenStatus: Status;
      /** When it is to leave, if not at once; absent where it goes by chat. */
      later?: LaterModel;
      sendsByChat: boolean;
      /** What sending does besides, as macros said. */
      doing: Doing;
      /** Where macros are offered, and where one is put into the reply by a post to `action/ID`. */
      macros: { offered: string; action: string };
    };
    note?: NoteForm;
    /** W2: what came meanwhile; the reply waits in its form. */
    held?: { messages: { author: string; at: ShownTime; words: string; notWritten?: string }[] };
    /** Why there is no reply: "There is no address to write to." */
    noReply?: string;
  };
  /** `/tickets/42/draft` */
  draft?: string;
  /** O4: the mail that has not left yet. */
  undo?: { action: string; until: ShownTime; words: string };

  /** Each is a form of its own. Assign posts `assignee` and `seen`, team `team` and `seen`, tags `tag`, spam `spam` (1 or 0). */
  change?: {
    team: string;
    assign: string;
    status: string;
    priority: string;
    addTag: string;
    removeTag: string;
    spam: string;
    merge: string;
    forward: string;
    trash: string;
    follow: string;
  };
  /** Of one that sleeps: until when, and how it is woken. Else where it is put to sleep: `for`, and `at` on the clock of `zone`. */
  snooze?:
    | { words: string; zone: string; wake: string | undefined }
    | {
        action: string;
        choices: Choice[];
        value: string;
        at: string;
        zone: string;
        error: string | undefined;
      };
  followers: { people: Person[]; isFollowing: boolean };
  assignee: { value: string; person?: Person };
  /** Absent while there are no teams. */
  team?: { value: string; choices: Choice[] };
  /** Everybody it can be assigned to, the reader first; `me` is the reader's own value. */
  agents: Choice[];
  me: string;
  priority: Priority;
  knownTags: string[];

  customer: CustomerPanel;
}

/** views/tickets/_about: who the customer is, beside the conversation. */
export interface CustomerPanel {
  person: Person;
  href: string;
  organization?: { name: string; href: string };
  addresses: { address: string; verified: boolean; failing: boolean }[];
  language?: string;
  /** The hour at the customer's, when their zone is known: an IANA name; the script tells the time. */
  zone?: string;
  /** Others on the ticket: copies, with how they stand. */
  copies: {
    name: string;
    address: string;
    state: 'accepted' | 'unverified' | 'suggested';
    /** Lets them in or leaves them out: takes `participant` and `accept` (1 or 0). */
    decide?: { action: string; participant: number; accept: '1' | '0' };
  }[];
  earlier: { number: number; subject: string; status: string; isDone: boolean }[];
  /** Under a retention rule: until when this ticket is kept. */
  keptUntil?: ShownTime;
  /** Where to export or erase; absent for those who may not. */
  privacy?: string;
}

/** views/tickets/new. Posts `clientId`, each of `values`, `cc`, `bcc`, `files`. */
export interface NewTicketPage extends PageModel {
  t: Translate;
  /** The writer's own id: what is typed is kept in the tab for nobody else. */
  me: number;
  action: string;
  clientId: string;
  values: Record<
    'name' | 'email' | 'subject' | 'words' | 'mailbox' | 'team' | 'assignee' | 'thenStatus',
    string
  >;
  /** Others, in copy. */
  people: PeopleModel;
  /** Where there is more than one that can send. */
  mailboxes?: Choice[];
  /** Absent while there are no teams. */
  teams?: Choice[];
  /** Whom it can be given to, the writer first. */
  agents: Choice[];
  errors: FieldErrors;
  /** Files that came with a form which was not accepted are gone. */
  filesAgain?: string;
  largest: number;
  tooLarge: string;
  /** What is said while there is none. */
  noMailbox: string;
  /** The mailbox it leaves from. */
  from?: string;
}
