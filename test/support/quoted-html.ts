// Answered mails as HTML, in the shapes that programs produce.
import {
  ADDRESS,
  APPLE,
  block,
  each,
  GMAIL,
  HISTORY,
  OUTLOOK,
  type QuotedMail,
  THUNDERBIRD,
  WORDS,
} from './quoting';

const html = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br>');
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
