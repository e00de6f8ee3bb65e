// What mail programs write above a quote, in the languages of Europe, and what a mail in the corpora of quoting is.

export interface QuotedMail {
  name: string;
  /** The whole body, text or HTML. */
  body: string;
  words: string;
  /** What must have been folded away; absent when nothing may be. */
  folded?: string;
  signature?: string;
  subject?: string;
}

export const WORDS = 'Thank you, that helped.\nOne more thing: where is my invoice?';
export const HISTORY = 'We have sent it on Monday.';
export const ADDRESS = 'desk@example.com';

/** Gmail's line above a quote. */
export const GMAIL: Record<string, string> = {
  English: `On Mon, Mar 4, 2024 at 10:11 AM Help Desk <${ADDRESS}> wrote:`,
  Norwegian: `man. 4. mars 2024 kl. 10:11 skrev Help Desk <${ADDRESS}>:`,
  Latvian: `pirmd., 2024. g. 4. marts, plkst. 10:11 — lietotājs Help Desk (<${ADDRESS}>) rakstīja:`,
  German: `Am Mo., 4. März 2024 um 10:11 Uhr schrieb Help Desk <${ADDRESS}>:`,
  French: `Le lun. 4 mars 2024 à 10:11, Help Desk <${ADDRESS}> a écrit :`,
  Spanish: `El lun, 4 mar 2024 a las 10:11, Help Desk (<${ADDRESS}>) escribió:`,
  Polish: `pon., 4 mar 2024 o 10:11 Help Desk <${ADDRESS}> napisał(a):`,
  Danish: `Den man. 4. mar. 2024 kl. 10.11 skrev Help Desk <${ADDRESS}>:`,
  Swedish: `Den mån 4 mars 2024 kl 10:11 skrev Help Desk <${ADDRESS}>:`,
  Finnish: `ma 4. maalisk. 2024 klo 10.11 Help Desk (${ADDRESS}) kirjoitti:`,
  Estonian: `Kuupäev E, 4. märts 2024 kell 10:11 kirjutas Help Desk <${ADDRESS}>:`,
  Lithuanian: `2024-03-04, pr, 10:11 Help Desk <${ADDRESS}> rašė:`,
  Dutch: `Op ma 4 mrt 2024 om 10:11 schreef Help Desk <${ADDRESS}>:`,
  Italian: `Il giorno lun 4 mar 2024 alle ore 10:11 Help Desk <${ADDRESS}> ha scritto:`,
  Portuguese: `Em seg., 4 de mar. de 2024 às 10:11, Help Desk <${ADDRESS}> escreveu:`,
  Russian: `пн, 4 мар. 2024 г. в 10:11, Help Desk <${ADDRESS}>:`,
  Ukrainian: `пн, 4 бер. 2024 р. о 10:11 Help Desk <${ADDRESS}> пише:`,
  Czech: `po 4. 3. 2024 v 10:11 odesílatel Help Desk <${ADDRESS}> napsal:`,
  Slovak: `po 4. 3. 2024 o 10:11 Help Desk <${ADDRESS}> napísal(a):`,
  Hungarian: `Help Desk <${ADDRESS}> ezt írta (időpont: 2024. márc. 4., H, 10:11):`,
  Romanian: `În lun., 4 mar. 2024 la 10:11, Help Desk <${ADDRESS}> a scris:`,
  Bulgarian: `На пн, 4.03.2024 г. в 10:11 Help Desk <${ADDRESS}> написа:`,
  Greek: `Στις Δευ 4 Μαρ 2024 στις 10:11 π.μ., ο χρήστης Help Desk <${ADDRESS}> έγραψε:`,
  Turkish: `Help Desk <${ADDRESS}>, 4 Mar 2024 Pzt, 10:11 tarihinde şunu yazdı:`,
  Croatian: `pon, 4. ožu 2024. u 10:11 Help Desk <${ADDRESS}> napisao je:`,
};

/** Apple Mail's, which names no address. */
export const APPLE: Record<string, string> = {
  English: 'On 4 Mar 2024, at 10:11, Help Desk wrote:',
  Norwegian: '4. mars 2024 kl. 10:11 skrev Help Desk:',
  Latvian: 'Help Desk 2024. gada 4. martā plkst. 10:11 rakstīja:',
  German: 'Am 04.03.2024 um 10:11 schrieb Help Desk:',
  French: 'Le 4 mars 2024 à 10:11, Help Desk a écrit :',
  Spanish: 'El 4 mar 2024, a las 10:11, Help Desk escribió:',
  Polish: 'Wiadomość napisana przez Help Desk w dniu 04.03.2024, o godz. 10:11:',
  Danish: 'Den 4. mar. 2024 kl. 10.11 skrev Help Desk:',
  Swedish: '4 mars 2024 kl. 10:11 skrev Help Desk:',
  Finnish: 'Help Desk kirjoitti 4.3.2024 kello 10.11:',
  Dutch: 'Op 4 mrt 2024, om 10:11 heeft Help Desk het volgende geschreven:',
  Italian: 'Il giorno 4 mar 2024, alle ore 10:11, Help Desk ha scritto:',
  Portuguese: 'No dia 04/03/2024, às 10:11, Help Desk escreveu:',
  Russian: '4 марта 2024 г., в 10:11, Help Desk написал(а):',
};

/** Thunderbird's. */
export const THUNDERBIRD: Record<string, string> = {
  English: 'On 04/03/2024 10:11, Help Desk wrote:',
  Norwegian: 'Den 04.03.2024 10:11, skrev Help Desk:',
  Nynorsk: 'Den 04.03.2024 10:11, skreiv Help Desk:',
  Latvian: '04.03.2024 10:11, Help Desk raksta:',
  German: 'Am 04.03.24 um 10:11 schrieb Help Desk:',
  French: 'Le 04/03/2024 à 10:11, Help Desk a écrit :',
  Polish: 'W dniu 4.03.2024 o 10:11, Help Desk pisze:',
  Estonian: '04.03.2024 10:11 Help Desk kirjutas:',
  Swedish: 'Den 2024-03-04 kl. 10:11, skrev Help Desk:',
  Czech: 'Dne 04. 03. 24 v 10:11 Help Desk napsal(a):',
};

/** The labels of Outlook's block: from, sent, to, subject. */
export const OUTLOOK: Record<string, [from: string, sent: string, to: string, subject: string]> = {
  English: ['From', 'Sent', 'To', 'Subject'],
  Norwegian: ['Fra', 'Sendt', 'Til', 'Emne'],
  Latvian: ['No', 'Nosūtīts', 'Kam', 'Tēma'],
  German: ['Von', 'Gesendet', 'An', 'Betreff'],
  French: ['De', 'Envoyé', 'À', 'Objet'],
  Spanish: ['De', 'Enviado el', 'Para', 'Asunto'],
  Polish: ['Od', 'Wysłano', 'Do', 'Temat'],
  Danish: ['Fra', 'Sendt', 'Til', 'Emne'],
  Swedish: ['Från', 'Skickat', 'Till', 'Ämne'],
  Finnish: ['Lähettäjä', 'Lähetetty', 'Vastaanottaja', 'Aihe'],
  Estonian: ['Saatja', 'Saadetud', 'Adressaat', 'Teema'],
  Lithuanian: ['Nuo', 'Išsiųsta', 'Kam', 'Tema'],
  Dutch: ['Van', 'Verzonden', 'Aan', 'Onderwerp'],
  Italian: ['Da', 'Inviato', 'A', 'Oggetto'],
  Portuguese: ['De', 'Enviado', 'Para', 'Assunto'],
  Russian: ['От', 'Отправлено', 'Кому', 'Тема'],
  Czech: ['Od', 'Odesláno', 'Komu', 'Předmět'],
};

export const ORIGINAL: Record<string, string> = {
  English: 'Original Message',
  Norwegian: 'Opprinnelig melding',
  Latvian: 'Sākotnējais ziņojums',
  German: 'Ursprüngliche Nachricht',
  French: "Message d'origine",
  Spanish: 'Mensaje original',
  Polish: 'Wiadomość oryginalna',
  Danish: 'Oprindelig meddelelse',
  Swedish: 'Ursprungligt meddelande',
  Finnish: 'Alkuperäinen viesti',
  Estonian: 'Algne sõnum',
  Lithuanian: 'Pradinis pranešimas',
  Dutch: 'Oorspronkelijk bericht',
  Italian: 'Messaggio originale',
  Portuguese: 'Mensagem original',
  Russian: 'Исходное сообщение',
};

export const TELEPHONES: Record<string, string> = {
  English: 'Sent from my iPhone',
  Norwegian: 'Sendt fra min iPhone',
  Latvian: 'Nosūtīts no mana iPhone',
  German: 'Von meinem iPhone gesendet',
  French: 'Envoyé de mon iPhone',
  Spanish: 'Enviado desde mi iPhone',
  Polish: 'Wysłane z iPhone’a',
  Danish: 'Sendt fra min iPhone',
  Swedish: 'Skickat från min iPhone',
  Finnish: 'Lähetetty iPhonesta',
  Estonian: 'Saadetud minu iPhone’ist',
  Lithuanian: 'Išsiųsta iš mano „iPhone“',
  Dutch: 'Verstuurd vanaf mijn iPhone',
  Italian: 'Inviato da iPhone',
  Portuguese: 'Enviado do meu iPhone',
  Russian: 'Отправлено с iPhone',
  Outlook: 'Get Outlook for iOS',
};

/** One mail for each language of a table. */
export const each = <T>(
  table: Record<string, T>,
  make: (entry: T, language: string) => QuotedMail,
): QuotedMail[] => Object.entries(table).map(([language, entry]) => make(entry, language));

/** Outlook's header block. */
export const block = ([from, sent, to, subject]: [string, string, string, string]) =>
  `${from}: Help Desk <${ADDRESS}>\n${sent}: Monday, 4 March 2024 10:11\n${to}: Carla <carla@example.com>\n${subject}: Invoice`;
