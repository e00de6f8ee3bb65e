// What a mail's labels and the folder it lay in say about it: what it is tagged with, and whether it is wanted at all. Pure.

export type LeftOut = 'spam' | 'trash' | 'draft';

export interface Placed {
  tags: string[];
  leftOut?: LeftOut;
  /** It lay among the sent ones. */
  isSent: boolean;
}

/** As programs call them in the languages that our firms use; lower case. */
const SPAM = [
  'spam',
  'junk',
  'junk e-mail',
  'junk email',
  'junk mail',
  'bulk mail',
  'søppelpost',
  'nettsøppel',
  'mēstules',
  'surogātpasts',
  'skräppost',
  'spam mail',
  'junk-e-mail',
];
const TRASH = [
  'trash',
  'bin',
  'deleted',
  'deleted items',
  'deleted messages',
  'papirkurv',
  'slettede elementer',
  'slettet',
  'miskaste',
  'atkritne',
  'izdzēstie vienumi',
  'papierkorb',
  'gelöschte elemente',
  'papperskorg',
  'corbeille',
];
const DRAFTS = [
  'draft',
  'drafts',
  'utkast',
  'kladd',
  'kladder',
  'melnraksti',
  'entwürfe',
  'brouillons',
  'unsent messages',
  'outbox',
  'utboks',
  'izsūtne',
  'templates',
];
const SENT = [
  'sent',
  'sent mail',
  'sent items',
  'sent messages',
  'sendt',
  'sendte',
  'sendte elementer',
  'sendt e-post',
  'nosūtītie',
  'nosūtītās',
  'nosūtītie vienumi',
  'nosūtītās vēstules',
  'gesendet',
  'gesendete elemente',
  'gesendete objekte',
  'skickat',
  'envoyés',
];
/** What says where a mail was, not what it is about. */
const PLACES = [
  ...['inbox', 'innboks', 'iesūtne', 'posteingang', 'inkorg', 'boîte de réception'],
  ...['unread', 'ulest', 'nelasīta', 'nelasītas', 'opened', 'åpnet', 'atvērta', 'atvērtas', 'read', 'lest'],
  ...['important', 'viktig', 'svarīgi', 'svarīga', 'starred', 'stjernemerket', 'ar zvaigznīti', 'flagged'],
  ...['archived', 'archive', 'archives', 'arkiv', 'arkivert', 'arhivēta', 'arhivētas', 'arhīvs', 'archiv'],
  ...[
    'all mail',
    'all e-post',
    'visas vēstules',
    'visi pasti',
    'all mail including spam and trash',
    '[gmail]',
    '[google mail]',
  ],
  ...[
    'mail',
    'mbox',
    'messages',
    'takeout',
    'local folders',
    'imported',
    'snoozed',
    'scheduled',
    'muted',
    'chat',
    'chats',
  ],
];
const CATEGORY = /^(?:category|kategori|kategorija|categor[a-zé]+)[ :_]/;

const NAMES: [names: ReadonlySet<string>, says: LeftOut | 'sent' | 'place'][] = [
  [new Set(SPAM), 'spam'],
  [new Set(TRASH), 'trash'],
  [new Set(DRAFTS), 'draft'],
  [new Set(SENT), 'sent'],
  [new Set(PLACES), 'place'],
];

const LONGEST_TAG = 60;
const MOST_TAGS = 10;

export function placeIn(labels: string[]): Placed {
  const placed: Placed = { tags: [], isSent: false };
  for (const label of labels.map(cleanLabel)) {
    const key = label.normalize('NFC').toLocaleLowerCase();
    const says = NAMES.find(([names]) => names.has(key))?.[1];
    if (says === 'sent') placed.isSent = true;
    else if (says && says !== 'place') placed.leftOut ??= says;
    else if (!says && key !== '' && !CATEGORY.test(key) && placed.tags.length < MOST_TAGS)
      placed.tags.push(label);
  }
  return { ...placed, tags: [...new Set(placed.tags)] };
}

/** Of a label within others only its own name; no controls, nothing that a tag cannot be. */
function cleanLabel(label: string): string {
  const own = label.split('/').findLast((part) => part.trim() !== '') ?? '';
  return [
    ...own
      .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  ]
    .slice(0, LONGEST_TAG)
    .join('')
    .trim();
}

/** `Inbox,"Smith, Jones",Work`: as Google writes them, decoded. */
export function splitLabels(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|([^,]+)/g)]
    .map(([, quoted, plain]) => (quoted ?? plain ?? '').trim())
    .filter(Boolean);
}

/**
 * The folder that a file stands for: its name without its ending; of `Inbox.sbd/Orders` the last, of `Orders/mbox` the one that is
 * named. A single mail's own name says nothing.
 */
export function folderOfFile(path: string, isMail: boolean): string {
  const parts = path.split(/[/\\]/).filter((part) => part !== '' && part !== '.' && part !== '..');
  const names = (isMail ? parts.slice(0, -1) : parts).map((part) =>
    part.replace(/\.(mbox|mbx|sbd|mbs)$/i, ''),
  );
  return names.findLast((name) => !/^(mbox|messages|mails?|cur|new)$/i.test(name)) ?? '';
}
