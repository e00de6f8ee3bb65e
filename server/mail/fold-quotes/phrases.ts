// How mail programs say "so-and-so wrote", in the languages of Europe. All in lower case; blanks single.

/** Verbs of the line above a quote: "On 4 March 2024 Anna wrote:". */
export const WROTE = phrases(`
  wrote | writes | has written | skrev | skreiv | skrifaði | har skrevet | har skrivit | schrieb |
  hat geschrieben | geschrieben | schreef | heeft geschreven | volgende geschreven | a écrit | écrit |
  a ecrit | escribió | escribio | ha escrit | va escriure | escreveu | ha scritto | scrisse | a scris |
  napisał(a) | napisał | napisała | napisał/a | napisana przez | pisze | napsal(a) | napsal | napsala |
  píše | napísal(a) | napísal | napísala | ezt írta | írta | napisao je | je napisao | napisala je |
  je napisala | napisao/la je | kirjoitti | kirjutas | rakstīja | raksta | rašė | parašė | пишет |
  написал(а) | написал | написала | писал(а) | писал | писала | пише | написав(ла) | написав | написа |
  напиша | έγραψε | yazdı | şunu yazdı`);

/** How such a line begins when it is wrapped, so that its first part is not taken for the writer's words. */
export const WROTE_BEGINS =
  /^(on|at|am|le|el|em|il|op|den|dne|dnia|w dniu|kuupäev|pe|în|dana|på|på den|στις|на|в|la|al|il giorno|wiadomość|missatge)[ ,]/;

/** Between dashes or underscores above an answered mail. */
export const ORIGINAL_MESSAGE = phrases(`
  original message | original appointment | reply message | original mail | original e-mail |
  opprinnelig melding | opprinneleg melding | oprindelig meddelelse | oprindelig besked |
  original meddelelse | ursprungligt meddelande | originalmeddelande | upprunaleg skilaboð |
  alkuperäinen viesti | ursprüngliche nachricht | originalnachricht | original-nachricht | originalmail |
  original-mail | originele bericht | oorspronkelijk bericht | origineel bericht | message d'origine |
  message original | message initial | e-mail d'origine | mensaje original | missatge original |
  mensagem original | messaggio originale | mesaj original | mesajul original | wiadomość oryginalna |
  oryginalna wiadomość | pierwotna wiadomość | původní zpráva | původní e-mail | pôvodná správa |
  eredeti üzenet | izvorna poruka | originalna poruka | izvirno sporočilo | algne sõnum | algne kiri |
  originaalkiri | sākotnējais ziņojums | sākotnējā ziņa | oriģinālais ziņojums | sākotnējā vēstule |
  oriģinālā vēstule | pradinis pranešimas | pirminis pranešimas | originalus laiškas |
  originalus pranešimas | исходное сообщение | исходное письмо | оригинальное сообщение |
  оригінальне повідомлення | вихідне повідомлення | оригинално съобщение | αρχικό μήνυμα | özgün ileti |
  orijinal mesaj | orjinal mesaj`);

/** Above a mail that is passed on: news to the reader, so never folded. */
export const FORWARDED_MESSAGE = phrases(`
  forwarded message | begin forwarded message | forwarded mail | start of forwarded message |
  videresendt melding | vidaresendt melding | start på videresendt melding |
  starten på den videresendte meldingen | videresendt meddelelse | videresendt besked |
  start på videresendt besked | start på videresendt meddelelse | vidarebefordrat meddelande |
  vidarebefordrat brev | vidarebefordrat mejl | början på vidarebefordrat brev |
  weitergeleitete nachricht | anfang der weitergeleiteten nachricht | anfang der weitergeleiteten e-mail |
  weitergeleitete e-mail | doorgestuurd bericht | begin doorgestuurd bericht | message transféré |
  début du message transféré | début du message réexpédié | mensaje reenviado |
  inicio del mensaje reenviado | mensagem encaminhada | mensagem reencaminhada |
  início da mensagem encaminhada | início da mensagem reencaminhada | messaggio inoltrato |
  inizio messaggio inoltrato | inizio del messaggio inoltrato | mesaj redirecționat |
  wiadomość przekazana dalej | przekazana wiadomość | treść przekazanej wiadomości |
  początek przekazywanej wiadomości | přeposlaná zpráva | preposlaná správa | továbbított üzenet |
  proslijeđena poruka | posredovano sporočilo | välitetty viesti | edelleenlähetetty viesti |
  alkaa välitetty viesti | edastatud kiri | edastatud sõnum | pārsūtīts ziņojums | pārsūtītais ziņojums |
  pārsūtīta ziņa | pārsūtītā ziņa | pārsūtīta vēstule | pārsūtītā vēstule | persiųstas laiškas |
  persiųstas pranešimas | peradresuotas laiškas | пересылаемое сообщение | пересланное сообщение |
  начало переадресованного сообщения | начало пересылаемого сообщения | переслане повідомлення |
  препратено съобщение | προωθημένο μήνυμα | iletilen mesaj | yönlendirilmiş mesaj`);

/** How a subject begins when the mail passes another one on. */
export const FORWARD_SUBJECT =
  /^(fwd?|vs|vb|wg|tr|rv|enc|enc\.|i|doorst|pd|továbbítás|pārs|pārsūt|persiųsta|edasi|fs|vl|пересл|переслать|ilt) ?: /;

/** Labels of the block that Outlook and its kin put above an answered mail. */
export const FROM = words(
  'from fra frå von de da van från od no nuo lähettäjä saatja от від kimden feladó šalje από',
);
export const SENT = words(
  'sent date sendt dato gesendet datum envoyé envoye fecha enviado data inviato verzonden skickat wysłano odesláno ' +
    'odoslané nosūtīts sūtīts datums išsiųsta lähetetty päivämäärä pvm saadetud kuupäev отправлено отправлена дата ' +
    'надіслано elküldve dátum trimis poslano gönderildi tarih στάλθηκε ημερομηνία изпратено',
).concat(['enviada em', 'enviado em', 'enviado el', 'data wysłania']);
export const TO = words(
  'to til an à a para aan till do kam komu vastaanottaja kellele saaja adressaat adresāts кому címzett către catre za kime προς до prima',
);
export const SUBJECT = words(
  'subject emne betreff objet asunto assunto oggetto onderwerp ämne temat tēma tema dalykas aihe teema тема předmět ' +
    'predmet tárgy subiect konu θέμα efni assumpte относно',
);

/** Beginnings of lines that a telephone or a program adds below the words; _ is a blank that must follow. */
export const SENT_FROM = phrases(`
  sent from my_ | sent from outlook | sent from mail for windows | sent from proton | sent from yahoo |
  sent with proton | sent with_ | sent via_ | sent on the go | sent using_ | get outlook for_ |
  download outlook for_ | sent from samsung | sent from gmail | sent from the_ | sendt fra min_ |
  sendt fra mi_ | sendt fra outlook | sendt fra e-post for windows | sendt fra mail til windows |
  sendt fra proton | sendt fra yahoo | skaff deg outlook for_ | få outlook for_ | hent outlook for_ |
  hent outlook til_ | få outlook til_ | last ned outlook for_ | sendt via_ | skickat från min_ |
  skickat från mitt_ | skickat från outlook | skickat från e-post för windows | skaffa outlook för_ |
  hämta outlook för_ | von meinem_ | gesendet von meinem_ | gesendet von outlook |
  gesendet von mail für windows | gesendet mit_ | holen sie sich outlook für_ | outlook für_ |
  gesendet aus_ | diese nachricht wurde von meinem_ | laden sie outlook für_ | envoyé de mon_ |
  envoyé depuis mon_ | envoyé depuis outlook | envoyé à partir de_ | envoyé avec_ | obtenir outlook pour_ |
  télécharger outlook pour_ | téléchargez outlook pour_ | enviado desde mi_ | enviado desde outlook |
  enviado desde correo para windows | obtener outlook para_ | obtenga outlook para_ | enviado con_ |
  enviado do meu_ | enviado a partir do meu_ | enviado do outlook | enviado do correio para windows |
  enviado do email para windows | obter outlook para_ | obter o outlook para_ | inviato da_ |
  inviato dal mio_ | ottieni outlook per_ | scarica outlook per_ | inviato con_ | verstuurd vanaf mijn_ |
  verzonden vanaf mijn_ | verzonden vanuit_ | outlook voor_ | download outlook voor_ | verzonden met_ |
  wysłane z_ | wysłano z_ | pobierz program outlook dla_ | pobierz aplikację outlook dla_ |
  lähetetty iphone | lähetetty ipad | lähetetty samsung | lähetetty outlook | lähetetty puhelimesta |
  hanki outlook for_ | lähetetty windowsin | saadetud minu_ | saadetud iphone | saadetud outlook |
  hankige outlook for_ | saadetud rakendusest_ | nosūtīts no_ | sūtīts no_ | nosūtīta no_ |
  iegūstiet outlook_ | lejupielādēt outlook_ | iegūt outlook_ | išsiųsta iš_ | siųsta iš_ |
  atsisiųsti „outlook | gaukite „outlook | gauti „outlook | отправлено с_ | отправлено из_ |
  получить outlook для_ | скачать outlook для_ | надіслано з_ | відправлено з_ | отримати outlook для_ |
  odesláno z_ | získat outlook pro_ | stáhnout outlook pro_ | odoslané z_ | získať outlook pre_ |
  az iphone-omról_ | elküldve_ | trimis de pe_ | poslano s_ | poslano z_ | sent úr_ |
  στάλθηκε από_ | enviat des del_ | изпратено от_`);

/** Where the device comes first, such a line ends so. */
export const SENT_FROM_ENDS = ['gesendet', 'gesendet.', 'küldve', 'gönderildi'];

function words(list: string): string[] {
  return list.split(' ');
}

function phrases(list: string): string[] {
  return list.split('|').map((phrase) => phrase.trim().replaceAll('_', ' '));
}
