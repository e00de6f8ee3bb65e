// What mail servers and providers say when they give a mail back. All in lower case.

/** Local parts that only ever bounce. */
export const DAEMONS = new Set([
  'mailer-daemon',
  'postmaster',
  'mailerdaemon',
  'mail-daemon',
  'bounce',
  'bounces',
  'mdaemon',
]);

export const BOUNCE_SUBJECTS = phrases(`
  undeliverable | undelivered mail | delivery status notification | delivery failure | delivery failed |
  failure notice | mail delivery failed | returned mail | mail delivery system | message undeliverable |
  delivery has failed | undeliverable mail | delivery notification | non delivery | non-delivery |
  nondeliverable | mail system error | warning: message | delivery problem | kan ikke leveres |
  ikke levert | kunne ikke leveres | leveringsfeil | uleverlig | ikke leveret | kunne ikke levere |
  unzustellbar | nicht zugestellt | zustellung fehlgeschlagen | mailzustellung | non remis |
  échec de la remise | échec de remise | no se puede entregar | no entregado | error de entrega |
  não entregue | não foi possível entregar | falha na entrega | mancato recapito | non recapitabile |
  impossibile recapitare | onbestelbaar | niet bezorgd | niet afgeleverd | det gick inte att leverera |
  kunde inte levereras | ej levererat | nie można dostarczyć | niedostarczon | niedoręczon |
  ei voitu toimittaa | toimittaminen epäonnistui | ei saanud kohale | kättetoimetamatu | nevar piegādāt |
  nav piegādā | nepristatyt | nepavyko pristatyti | не доставлено | недоставленное | не удалось доставить |
  nedoručiteln | kézbesíthetetlen`);

/** Said in the text, by Postfix, qmail, Exim, Sendmail, Exchange, Gmail, Yahoo, Outlook.com and their kin. */
export const FAILURE_WORDS = phrases(`
  could not be delivered | couldn't be delivered | was not delivered | wasn't delivered |
  cannot be delivered | unable to deliver | delivery to the following recipient | delivery has failed |
  failed permanently | permanent error | permanent fatal errors | this is the qmail-send program |
  mail delivery software | following addresses failed | undeliverable | user unknown | unknown user |
  no such user | user not found | mailbox unavailable | mailbox not found | recipient address rejected |
  does not exist | doesn't exist | account has been disabled | over quota | mailbox full |
  mailbox is full | quota exceeded | address rejected | recipient rejected | unrouteable address |
  host unknown | domain not found | relay access denied | message delayed | address couldn't be found |
  address not found | returned to sender | delivery failure | not delivered to | was undeliverable |
  has not been delivered | delivery is delayed | delivery incomplete | message not delivered |
  delivery failed | kunne ikke leveres | kan ikke leveres | ble ikke levert | blev ikke leveret |
  konnte nicht zugestellt | nicht zugestellt werden | n'a pas pu être | n'a pas été remis |
  no se pudo entregar | no se ha podido entregar | não pôde ser entregue | non è stato recapitato |
  kon niet worden bezorgd | kunde inte levereras | nie została dostarczona | ei voitu toimittaa |
  ei õnnestunud | nevarēja piegādāt | nebuvo pristatytas | не было доставлено | не может быть доставлено |
  не удалось доставить`);

/** The server still tries. */
export const TEMPORARY_WORDS = phrases(`
  will be retried | will retry | still trying | temporary | delayed | no action is required |
  you do not need to resend | has not yet been delivered | message that you sent has not yet |
  delivery is delayed | delivery incomplete`);

function phrases(list: string): string[] {
  return list.split('|').map((phrase) => phrase.trim());
}
