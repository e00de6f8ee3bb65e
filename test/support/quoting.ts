// How mail programs quote, written by us in the shapes they produce, as text and as HTML, in the languages of Europe.

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

const WORDS = 'Thank you, that helped.\nOne more thing: where is my invoice?';
const HISTORY = 'We have sent it on Monday.';
const ADDRESS = 'desk@example.com';

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

const each = <T>(table: Record<string, T>, make: (entry: T, language: string) => QuotedMail): QuotedMail[] =>
  Object.entries(table).map(([language, entry]) => make(entry, language));

const inFours = (text: string) => text.replace(/^/gm, '> ');
const html = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br>');
const block = ([from, sent, to, subject]: [string, string, string, string]) =>
  `${from}: Help Desk <${ADDRESS}>\n${sent}: Monday, 4 March 2024 10:11\n${to}: Carla <carla@example.com>\n${subject}: Invoice`;

/** Gmail wraps its line where it is long. */
const wrapped = (line: string) => line.replace(/(.{40,60}) /, '$1\n');

export const TEXT_MAILS: QuotedMail[] = [
  ...each(GMAIL, (line, language) => ({
    name: `Gmail in ${language}`,
    body: `${WORDS}\n\n${wrapped(line)}\n\n${inFours(HISTORY)}\n> \n> Kind regards\n`,
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(APPLE, (line, language) => ({
    name: `Apple Mail in ${language}`,
    body: `${WORDS}\n\n> ${line}\n> \n${inFours(HISTORY)}\n`.replace(/^> (.*:)$/m, '$1'),
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(THUNDERBIRD, (line, language) => ({
    name: `Thunderbird in ${language}, answered below`,
    body: `${line}\n${inFours(HISTORY)}\n\n${WORDS}\n`,
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(OUTLOOK, (labels, language) => ({
    name: `Outlook in ${language}`,
    body: `${WORDS}\n\n${block(labels)}\n\n${HISTORY}\n`,
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(ORIGINAL, (phrase, language) => ({
    name: `an older program in ${language}`,
    body: `${WORDS}\n\n-----${phrase}-----\n${block(OUTLOOK[language] ?? ['From', 'Sent', 'To', 'Subject'])}\n\n${HISTORY}\n`,
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(TELEPHONES, (line, language) => ({
    name: `a telephone in ${language}`,
    body: `${WORDS}\n\n${line}\n\n${APPLE[language] ?? APPLE['English']}\n\n${inFours(HISTORY)}\n`,
    words: WORDS,
    folded: HISTORY,
    signature: line,
  })),
  {
    name: 'Outlook on the web, with a line of underscores',
    body: `${WORDS}\n________________________________\n${block(OUTLOOK['English'] as [string, string, string, string])}\n\n${HISTORY}`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'Outlook with bold labels in stars and a long list of recipients',
    body: `${WORDS}\n\n*From:* Help Desk <${ADDRESS}>\n*Sent:* Monday, 4 March 2024 10:11\n*To:* Carla <carla@example.com>; Anna\n<anna@example.com>; Bo <bo@example.com>\n*Cc:* Dina\n*Subject:* Invoice\n\n${HISTORY}`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'Yahoo, which marks no line',
    body: `${WORDS}\n\n    On Monday, March 4, 2024 at 10:11:12 AM GMT+1, Help Desk <${ADDRESS}> wrote:  \n \n ${HISTORY}\n`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'Proton',
    body: `${WORDS}\n\nSent with [Proton Mail](https://proton.me/) secure email.\n\nOn Monday, March 4th, 2024 at 10:11 AM, Help Desk <${ADDRESS}> wrote:\n\n> ${HISTORY}`,
    words: WORDS,
    folded: HISTORY,
    signature: 'Sent with [Proton Mail](https://proton.me/) secure email.',
  },
  {
    name: 'Zoho, with dashes around its line',
    body: `${WORDS}\n\n\n---- On Mon, 04 Mar 2024 10:11:12 +0100 Help Desk <${ADDRESS}> wrote ----\n\n${HISTORY}\n`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'Notes, with its labels in another order',
    body: `${WORDS}\n\n-----Help Desk wrote: -----\nTo: Carla\nFrom: Help Desk\nDate: 03/04/2024\nSubject: Invoice\n\n${HISTORY}\n`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'a signature between words and quote',
    body: `${WORDS}\n\n-- \nCarla Olsen\nOlsen AS\n\n${GMAIL['English']}\n\n> ${HISTORY}`,
    words: WORDS,
    folded: HISTORY,
    signature: '--\nCarla Olsen\nOlsen AS',
  },
  {
    name: 'a signature below the quote',
    body: `${WORDS}\n\n${GMAIL['Norwegian']}\n\n> ${HISTORY}\n\n-- \nCarla Olsen`,
    words: WORDS,
    folded: HISTORY,
    signature: '--\nCarla Olsen',
  },
  { name: 'a signature and no quote', body: `${WORDS}\n--\nCarla`, words: WORDS, signature: '--\nCarla' },
  {
    name: 'quoted lines without attribution',
    body: `${WORDS}\n\n> ${HISTORY}\n>> And before that.`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'quotes within quotes',
    body: `${WORDS}\n\n${GMAIL['German']}\n\n> ${HISTORY}\n>\n> ${GMAIL['English']}\n>\n> > Where is it?\n`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'answers between quoted lines',
    body: `${GMAIL['English']}\n\n> Which colour?\n\nThe blue one.\n\n> How many?\n\nThree, please.\n`,
    words: `${GMAIL['English']}\n\n> Which colour?\n\nThe blue one.\n\n> How many?\n\nThree, please.`,
  },
  {
    name: 'answers between quoted lines, and a rest that nobody answered',
    body: `${GMAIL['English']}\n> Which colour?\nThe blue one.\n> How many?\nThree, please.\n> Kind regards\n> The desk`,
    words: `${GMAIL['English']}\n> Which colour?\nThe blue one.\n> How many?\nThree, please.`,
    folded: '> Kind regards\n> The desk',
  },
  {
    name: 'nothing but a quote',
    body: `${GMAIL['English']}\n\n> ${HISTORY}`,
    words: `${GMAIL['English']}\n\n> ${HISTORY}`,
  },
  { name: 'nothing but a signature', body: 'Sent from my iPhone', words: 'Sent from my iPhone' },
  {
    name: 'a forwarded mail',
    body: `See below.\n\n---------- Forwarded message ---------\n${block(['From', 'Date', 'To', 'Subject'])}\n\n${HISTORY}`,
    words: `See below.\n\n---------- Forwarded message ---------\n${block(['From', 'Date', 'To', 'Subject'])}\n\n${HISTORY}`,
  },
  {
    name: 'a mail forwarded by Outlook',
    subject: 'VS: Invoice',
    body: `See below.\n\n${block(OUTLOOK['Norwegian'] as [string, string, string, string])}\n\n${HISTORY}`,
    words: `See below.\n\n${block(OUTLOOK['Norwegian'] as [string, string, string, string])}\n\n${HISTORY}`,
  },
  {
    name: 'a form with labels of its own',
    body: 'New request\n\nFrom: Carla\nPhone: 123\nDate: 4 March\n\nMessage: hello',
    words: 'New request\n\nFrom: Carla\nPhone: 123\nDate: 4 March\n\nMessage: hello',
  },
  {
    name: 'a sentence that only looks like an attribution',
    body: 'On Monday Anna wrote:\nplease call me back',
    words: 'On Monday Anna wrote:\nplease call me back',
  },
  {
    name: 'a colon and a date in ordinary words',
    body: 'We met on 4 March 2024 and agreed:\n- three boxes\n- two lids',
    words: 'We met on 4 March 2024 and agreed:\n- three boxes\n- two lids',
  },
  {
    name: 'a line of dashes in ordinary words',
    body: 'First part\n----------\nSecond part',
    words: 'First part\n----------\nSecond part',
  },
  {
    name: 'words like an old program’s without its dashes',
    body: 'I lost the\noriginal message\nsorry',
    words: 'I lost the\noriginal message\nsorry',
  },
];

const gmailHtml = (line: string) =>
  `<div dir="ltr">${html(WORDS)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">${html(line)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"><div dir="ltr">${HISTORY}</div></blockquote></div>\r\n`;
const outlookHtml = (labels: [string, string, string, string]) =>
  `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head><body lang="EN-GB"><div class="WordSection1">${WORDS.split(
    '\n',
  )
    .map(
      (line) =>
        `<p class="MsoNormal"><span style="font-size:11.0pt;font-family:&quot;Calibri&quot;,sans-serif">${line}<o:p></o:p></span></p>`,
    )
    .join(
      '',
    )}<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">${block(
    labels,
  )
    .split('\n')
    .map((line) => html(line).replace(/^([^:]+:)/, '<b>$1</b>'))
    .join('<br>')}<o:p></o:p></p></div></div><p class="MsoNormal">${HISTORY}</p></div></body></html>`;
const owaHtml = (labels: [string, string, string, string]) =>
  `<div class="elementToProof" style="font-family:Aptos, sans-serif;font-size:12pt;color:rgb(0, 0, 0)">${html(WORDS)}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" color="#000000">${block(
    labels,
  )
    .split('\n')
    .map((line) => html(line).replace(/^([^:]+:)/, '<b>$1</b>'))
    .join('<br>')}</font><div>&nbsp;</div></div><div>${HISTORY}</div>`;
const appleHtml = (line: string) =>
  `<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body style="overflow-wrap: break-word;">${html(WORDS)}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>${html(line)}</div><br class="Apple-interchange-newline"><div>${HISTORY}</div></blockquote></div><br></body></html>`;
const thunderbirdHtml = (line: string) =>
  `<html><body><div class="moz-cite-prefix">${html(line)}<br></div><blockquote type="cite" cite="mid:1@example.com"><p>${HISTORY}</p></blockquote><p>${html(WORDS)}</p></body></html>`;

export const HTML_MAILS: QuotedMail[] = [
  ...each(GMAIL, (line, language) => ({
    name: `Gmail in ${language}`,
    body: gmailHtml(line),
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(GMAIL, (line, language) => ({
    name: `Gmail in ${language}, its classes lost on the way`,
    body: gmailHtml(line).replace(/ class="[^"]*"/g, ''),
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(APPLE, (line, language) => ({
    name: `Apple Mail in ${language}`,
    body: appleHtml(line),
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(THUNDERBIRD, (line, language) => ({
    name: `Thunderbird in ${language}, answered below`,
    body: thunderbirdHtml(line),
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(OUTLOOK, (labels, language) => ({
    name: `Outlook on Windows in ${language}`,
    body: outlookHtml(labels),
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(OUTLOOK, (labels, language) => ({
    name: `Outlook on the web in ${language}`,
    body: owaHtml(labels),
    words: WORDS,
    folded: HISTORY,
  })),
  {
    name: 'Outlook on a telephone',
    body: `<html><body><div dir="ltr">${html(WORDS)}</div><div id="ms-outlook-mobile-signature" dir="ltr"><br>Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><div id="mail-editor-reference-message-container"><div class="ms-outlook-mobile-reference-message"><hr><div>${html(block(['From', 'Date', 'To', 'Subject']))}</div><br>${HISTORY}</div></div></body></html>`,
    words: WORDS,
    folded: HISTORY,
    signature: 'Get Outlook for iOS',
  },
  {
    name: 'Outlook’s mark after another Outlook put x_ before it',
    body: owaHtml(['Van', 'Verzonden', 'Aan', 'Onderwerp']).replaceAll('id="', 'id="x_'),
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'Yahoo',
    body: `<html><body><div class="yahoo-style-wrap">${html(WORDS)}<div><br></div></div><div id="yahoo_quoted_1" class="yahoo_quoted"><div style="font-family:Arial"><div>On Monday, March 4, 2024 at 10:11:12 AM GMT+1, Help Desk &lt;${ADDRESS}&gt; wrote:</div><div><br></div><div>${HISTORY}</div></div></div></body></html>`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'Proton',
    body: `<div style="font-family: Arial, sans-serif; font-size: 14px;">${html(WORDS)}</div><div style="font-size: 14px;"><br></div><div class="protonmail_signature_block" style="font-size: 14px;"><div class="protonmail_signature_block-proton">Sent with <a href="https://proton.me/">Proton Mail</a> secure email.</div></div><div class="protonmail_quote">On Monday, March 4th, 2024 at 10:11 AM, Help Desk &lt;${ADDRESS}&gt; wrote:<br><br><blockquote class="protonmail_quote" type="cite">${HISTORY}</blockquote></div>`,
    words: WORDS,
    folded: HISTORY,
    signature: 'Sent with Proton Mail secure email.',
  },
  {
    name: 'Gmail with a signature',
    body: gmailHtml(GMAIL['English'] as string).replace(
      '</div><br>',
      '<div><br></div>-- <br><div class="gmail_signature" data-smartmail="gmail_signature">Carla Olsen</div></div><br>',
    ),
    words: WORDS,
    folded: HISTORY,
    signature: '--\nCarla Olsen',
  },
  {
    name: 'Apple Mail on a telephone',
    body: `<html><body dir="auto"><div dir="ltr">${html(WORDS)}</div><br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sendt fra min iPhone</div><div dir="ltr"><br><blockquote type="cite">4. mars 2024 kl. 10:11 skrev Help Desk &lt;${ADDRESS}&gt;:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">${HISTORY}</div></blockquote></body></html>`,
    words: WORDS,
    folded: HISTORY,
    signature: 'Sendt fra min iPhone',
  },
  {
    name: 'Roundcube',
    body: `<p>${html(WORDS)}</p><p id="reply-intro">Den 2024-03-04 10:11, skrev Help Desk:</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0"><p>${HISTORY}</p></blockquote>`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'Tutanota',
    body: `<div>${html(WORDS)}</div><br>4 Mar 2024, 10:11 by ${ADDRESS}:<br><blockquote class="tutanota_quote" style="border-left: 1px solid #93A3B8; padding-left: 10px; margin-left: 5px;">${HISTORY}</blockquote>`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'Zoho',
    body: `<div>${html(WORDS)}</div><div class="zmail_extra_hr" style="border-top: 1px solid rgb(204, 204, 204);"></div><div class="zmail_extra"><div id="Zm-_Id_-Sgn1">---- On Mon, 04 Mar 2024 10:11:12 +0100 <b>${ADDRESS}</b> wrote ---<br></div><br><blockquote>${HISTORY}</blockquote></div>`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'answers between Gmail’s quotes',
    body: `<div class="gmail_quote"><div class="gmail_attr">${html(GMAIL['English'] as string)}<br></div><blockquote class="gmail_quote">Which colour?</blockquote><div>The blue one.</div><blockquote class="gmail_quote">How many?</blockquote><div>Three, please.</div></div>`,
    words: `${GMAIL['English']}\n\nWhich colour?\n\nThe blue one.\n\nHow many?\n\nThree, please.`,
  },
  {
    name: 'nothing but a quote',
    body: gmailHtml(GMAIL['English'] as string).replace(html(WORDS), '<br>'),
    words: `${GMAIL['English']}\n${HISTORY}`,
  },
  {
    name: 'a picture as the only answer',
    body: gmailHtml(GMAIL['English'] as string).replace(html(WORDS), '<img src="cid:photo@example.com">'),
    words: '',
    folded: HISTORY,
  },
  {
    name: 'a forwarded mail in Gmail',
    body: `<div dir="ltr">See below.<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>From: Anna<br>Date: Mon, Mar 4, 2024<br>Subject: Invoice<br>To: Carla<br></div><br>${HISTORY}</div></div>`,
    words: `See below.\n\n---------- Forwarded message ---------\nFrom: Anna\nDate: Mon, Mar 4, 2024\nSubject: Invoice\nTo: Carla\n\n${HISTORY}`,
  },
  {
    name: 'something that a person set in',
    body: `<div>The sign says:</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>No entry</div></blockquote>`,
    words: 'The sign says:\nNo entry',
  },
  {
    name: 'a bare blockquote without attribution',
    body: '<p>He said</p><blockquote>Never again</blockquote>',
    words: 'He said\n\nNever again',
  },
];
