// An organization: whom customers belong to, such as the firm they write for.
import { domainOf, validDomain } from '../../mail';

export interface OrganizationRow {
  id: number;
  public_id: string;
  name: string;
  notes: string;
  created_at: number;
  updated_at: number;
}

/** What a form says of one. */
export interface OrganizationInput {
  name: string;
  /** As `typedDomains` gives them. */
  domains: string[];
  notes: string;
}

/** Why domains are not taken: a key of the catalogue, and the domain or the organization that it is about. */
export interface DomainProblem {
  key: string;
  domain: string;
  organization?: string;
}

export const MOST_DOMAINS = 50;

/** At these anybody has a mailbox, so an address there says nothing about whom somebody belongs to. */
const OPEN_TO_ANYBODY = new Set(
  `aol.com aim.com gmail.com googlemail.com yahoo.com ymail.com rocketmail.com yahoo.co.uk yahoo.de yahoo.fr yahoo.es yahoo.it
   yahoo.no yahoo.se yahoo.dk yahoo.co.jp yahoo.co.in yahoo.com.br hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.es
   hotmail.it hotmail.no hotmail.se hotmail.dk hotmail.nl outlook.com outlook.de outlook.fr outlook.es live.com live.co.uk live.de
   live.fr live.no live.se live.dk live.nl msn.com passport.com windowslive.com icloud.com me.com mac.com proton.me protonmail.com
   protonmail.ch pm.me tuta.com tutanota.com tutanota.de tutamail.com keemail.me fastmail.com fastmail.fm hey.com zoho.com
   zohomail.com zohomail.eu gmx.com gmx.net gmx.de gmx.at gmx.ch gmx.eu web.de mail.de freenet.de t-online.de posteo.de posteo.net
   mailbox.org mail.com email.com mail.ru bk.ru inbox.ru list.ru yandex.com yandex.ru ya.ru rambler.ru qq.com 163.com 126.com
   sina.com naver.com hanmail.net daum.net rediffmail.com inbox.com hushmail.com disroot.org riseup.net orange.fr wanadoo.fr free.fr
   laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it ziggo.nl kpnmail.nl planet.nl xs4all.nl telenet.be skynet.be
   bluewin.ch btinternet.com sky.com virginmedia.com ntlworld.com talktalk.net comcast.net verizon.net att.net sbcglobal.net cox.net
   charter.net bellsouth.net earthlink.net online.no broadpark.no start.no c2i.net frisurf.no getmail.no lyse.net telia.com
   bredband.net spray.se tele2.se mail.dk sol.dk kolumbus.fi luukku.com suomi24.fi elisanet.fi inbox.lv apollo.lv one.lv
   mail.lv e-pasts.lv tvnet.lv delfi.lv inbox.lt mail.ee hot.ee online.ee delfi.ee wp.pl o2.pl onet.pl op.pl interia.pl
   seznam.cz email.cz centrum.cz uol.com.br bol.com.br terra.com.br bigpond.com optusnet.com.au`.split(/\s+/),
);

export const isOpenToAnybody = (domain: string): boolean => OPEN_TO_ANYBODY.has(domain);

/** The domains in a field, each once: one a line, or with commas or spaces between them; undefined where one is none, or they are too many. */
export function typedDomains(text: string): string[] | undefined {
  const typed = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map((domain) => validDomain(domainOf(domain)));
  const domains = [...new Set(typed)];
  const isFine = domains.every((domain) => domain !== undefined) && domains.length <= MOST_DOMAINS;
  return isFine ? (domains as string[]) : undefined;
}
