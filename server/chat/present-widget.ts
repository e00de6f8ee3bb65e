// The visitor's side as a page: the frame of the widget, and what its loader asks before.
import type { App } from '../app';
import type { Locale, Translate } from '../i18n';
import { firmOf } from '../settings';
import type { PageModel } from '../web';
import { inkOn } from './ink';
import { originsOf, type SiteInput, type SiteRow } from './site';

/** What the frame's program is told; the words it needs later are in it, `{name}` and `{n}` still to be filled. */
export interface FrameConfig {
  site: string;
  /** Pages that may embed it: messages go to and come from these only (C3). */
  origins: string[];
  colour: string;
  ink: string;
  preview: boolean;
  words: Record<string, string>;
}

/** views/chat/frame */
export interface FramePage extends PageModel {
  t: Translate;
  lang: Locale;
  name: string;
  company: string;
  greeting: string;
  notice: string;
  /** FrameConfig as JSON. */
  config: string;
  /** The same chat as a plain page, for when nothing gets through. */
  plain: string;
}

const WORDS = [
  'agent',
  'closed',
  'ended',
  'endedByYou',
  'failed',
  'invalid',
  'missed',
  'newMessages',
  'notStarted',
  'offline',
  'queued',
  'seen',
  'sending',
  'stored',
  'talking',
  'tooMany',
  'typing',
  'you',
] as const;

export function framePage(
  app: App,
  site: SiteRow | undefined,
  input: SiteInput,
  options: { preview: boolean },
): FramePage {
  const t = app.catalogues[input.language];
  const { company } = firmOf(app);
  const publicId = site?.public_id ?? '';
  const config: FrameConfig = {
    site: publicId,
    origins: site ? originsOf(site) : [],
    colour: input.colour,
    ink: inkOn(input.colour),
    preview: options.preview,
    words: Object.fromEntries(
      WORDS.map((word) => [word, t(`chat.frame.${word}`, { name: '{name}', n: '{n}', site: input.name })]),
    ),
  };
  return {
    layout: 'none',
    title: t('chat.frame.title', { name: input.name }),
    t,
    lang: input.language,
    name: input.name,
    company,
    greeting: input.greeting,
    notice: input.privacyNotice,
    config: JSON.stringify(config),
    plain: `/chat/${publicId}`,
  };
}

/** views/chat/recall */
export interface RecallPage extends PageModel {
  lang: Locale;
  /** What its program needs of FrameConfig, as JSON. */
  config: string;
}

export function recallPage(app: App, site: SiteRow): RecallPage {
  const t = app.catalogues[site.language];
  const config: Pick<FrameConfig, 'site' | 'origins'> = { site: site.public_id, origins: originsOf(site) };
  return {
    layout: 'none',
    title: t('chat.frame.title', { name: site.name }),
    lang: site.language,
    config: JSON.stringify(config),
  };
}

/** What the loader asks before it draws the button. */
export function launcher(app: App, site: SiteRow): { colour: string; ink: string; label: string } {
  return {
    colour: site.colour,
    ink: inkOn(site.colour),
    label: app.catalogues[site.language]('chat.frame.open', { name: site.name }),
  };
}
