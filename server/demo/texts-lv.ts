// Latvian customers of the demo.
import type { DemoTexts } from './texts';

export const latvian: DemoTexts = {
  greetings: ['Labdien!', 'Sveiki!', 'Labrīt!', 'Labvakar!', 'Esiet sveicināti!'],
  closings: ['Ar cieņu', 'Paldies jau iepriekš', 'Jauku dienu', 'Ar sveicieniem', 'Visu labu'],
  agentGreetings: ['Labdien, {name}!', 'Sveiki, {name}!', 'Labdien, {name}, paldies par vēstuli.'],
  agentClosings: ['Ar cieņu', 'Jauku dienu', 'Visu labu'],
  items: ['tējkanna', 'paplāte', 'krūzīte', 'sietiņš', 'termokrūze', 'piena krūka', 'tējas komplekts', 'cukurtrauks'],
  days: ['pirmdien', 'otrdien', 'trešdien', 'ceturtdien', 'piektdien'],
  firstNames: ['Anna', 'Andris', 'Baiba', 'Dace', 'Edgars', 'Gunta', 'Ilze', 'Inese', 'Jānis', 'Kārlis', 'Kristīne', 'Laima', 'Mārtiņš', 'Normunds', 'Pēteris', 'Ruta', 'Sandra', 'Uldis', 'Vilis', 'Zane'],
  lastNames: ['Auziņa', 'Balodis', 'Bērziņa', 'Dzenis', 'Eglītis', 'Grīnberga', 'Jansone', 'Kalniņš', 'Krūmiņa', 'Liepa', 'Lācis', 'Muižnieks', 'Ozols', 'Priede', 'Roze', 'Siliņš', 'Strazdiņa', 'Vītols', 'Zariņš', 'Ziediņa'],
  topics: [
    {
      tag: 'atgriešana',
      subjects: ['Saplīsusi {item}, pasūtījums {number}', 'Par pasūtījuma {number} atcelšanu', 'Bojāta prece'],
      asks: [
        'saņēmu pasūtījumu {number}, bet tam sānā ir plaisa. Vai varu saņemt naudu atpakaļ?',
        'vai var atcelt pasūtījumu {number}, ja tas vēl nav izsūtīts?',
        'prece pārstāja darboties pēc nedēļas. Pievienoju attēlu, lai būtu redzams bojājums.',
      ],
      answers: [
        'tam nevajadzēja notikt. Jaunu preci nosūtījām šodien, tā būs pie Jums {day}.',
        'pasūtījums ir atcelts, un {amount} eiro Jums atmaksāsim trīs dienu laikā.',
        'paldies par attēlu. Pielikumā ir atgriešanas uzlīme, par sūtījumu nav jāmaksā.',
      ],
      thanks: ['Liels paldies, tas bija ātri!', 'Nauda ir saņemta. Paldies par palīdzību.', 'Paldies, paciņu nosūtīju šorīt.'],
      note: 'Tā pati partija, kas pagājušajā mēnesī. Atmaksāt uzreiz.',
    },
    {
      tag: 'rēķins',
      subjects: ['Nav saņemts rēķins {number}', 'Kļūda rēķinā {number}', 'Jautājums par rēķinu'],
      asks: [
        'mēs neesam saņēmuši rēķinu par pasūtījumu {number}. Grāmatvede to gaida līdz {day}.',
        'rēķins {number} ir ar veco adresi. Lūdzu, atsūtiet labotu rēķinu.',
        'rēķinā ir {amount} eiro, kurus nesaprotu. Vai tā ir maksa par piegādi?',
      ],
      answers: [
        'nosūtu rēķinu vēlreiz PDF formātā. Turpmāk rēķinus sūtīsim uz šo e-pastu.',
        'rēķins {number} ir anulēts, un jaunais ar pareizo adresi ir pielikumā.',
        'Jums taisnība, piegāde bija pieskaitīta divreiz. Atmaksājām {amount} eiro.',
      ],
      thanks: ['Paldies, rēķins ir apmaksāts.', 'Tagad viss sakrīt, paldies!', 'Saņēmu, liels paldies.'],
    },
    {
      tag: 'piegāde',
      subjects: ['Kur ir pasūtījums {number}?', 'Piegāde {day}', 'Jauna piegādes adrese'],
      asks: [
        'sūtījums nav kustējies kopš brīža, kad to nodevāt {day}. Vai zināt, kur tas ir?',
        'vai varat piegādāt {day}? Agrāk neviena nebūs mājās.',
        'esam pārcēlušies. Lūdzu, sūtiet pasūtījumu {number} uz jauno adresi, tā ir parakstā.',
      ],
      answers: [
        'sūtījums bija aizkavējies šķirošanas centrā. Kurjers sola to piegādāt {day}.',
        'kurjers būs {day} no deviņiem līdz divpadsmitiem un pirms tam piezvanīs.',
        'adrese ir nomainīta, sūtījums dosies tieši uz Jūsu jaunajām mājām.',
      ],
      thanks: ['Saņēmu šodien, ļoti labi iepakots. Paldies!', 'Lieliski, tad līdz {day}.', 'Paldies, ka paspējāt laikus.'],
    },
  ],
};
