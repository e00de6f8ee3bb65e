// What demo customers write and agents answer: topics by language, put together sentence by sentence.
import type { Locale } from '../i18n';
import { english } from './texts-en';
import { latvian } from './texts-lv';
import { norwegian } from './texts-nb';

/** `{item}`, `{number}`, `{day}`, `{amount}` are filled in; each list offers several ways to say it. */
export interface Topic {
  tag: string;
  subjects: string[];
  asks: string[];
  answers: string[];
  thanks: string[];
  note?: string;
}

export interface DemoTexts {
  greetings: string[];
  closings: string[];
  agentGreetings: string[];
  agentClosings: string[];
  items: string[];
  days: string[];
  firstNames: string[];
  lastNames: string[];
  topics: Topic[];
}

export const TEXTS: Record<Locale, DemoTexts> = { en: english, nb: norwegian, lv: latvian };
