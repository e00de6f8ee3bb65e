// Norwegian customers of the demo.
import type { DemoTexts } from './texts';

export const norwegian: DemoTexts = {
  greetings: ['Hei,', 'Hei!', 'God morgen,', 'Hallo,', 'God dag,'],
  closings: ['Vennlig hilsen', 'Med vennlig hilsen', 'Hilsen', 'På forhånd takk', 'Ha en fin dag'],
  agentGreetings: ['Hei {name},', 'Hei {name}, takk for at du skriver.', 'God dag {name},'],
  agentClosings: ['Vennlig hilsen', 'Ha en god dag', 'Beste hilsen'],
  items: ['tekanne', 'vannkoker', 'tebrett', 'tesil', 'melkemugge', 'kopp', 'termokopp', 'tevarmer'],
  days: ['mandag', 'tirsdag', 'onsdag', 'torsdag', 'fredag'],
  firstNames: ['Anne', 'Bjørn', 'Camilla', 'Dag', 'Eli', 'Fredrik', 'Gunn', 'Håkon', 'Ingrid', 'Jørgen', 'Kari', 'Lars', 'Marit', 'Nils', 'Øyvind', 'Per Olav', 'Ragnhild', 'Sigrid', 'Tor', 'Åse'],
  lastNames: ['Andersen', 'Berg', 'Dahl', 'Eide', 'Fossum', 'Grønvold', 'Haugen', 'Håkonsen', 'Iversen', 'Jørgensen', 'Knutsen', 'Lund', 'Moen', 'Nygård', 'Ødegård', 'Pettersen', 'Rønning', 'Solberg', 'Tveit', 'Ås'],
  topics: [
    {
      tag: 'retur',
      subjects: ['Ødelagt {item}, ordre {number}', 'Varen kom knust frem', 'Reklamasjon på {item}'],
      asks: [
        'jeg fikk ordre {number} på {day}, men det er en sprekk i siden. Kan jeg få pengene tilbake?',
        'dette er andre gang med samme feil. Hvordan sender jeg den i retur, og hvem betaler frakten?',
        'varen sluttet å virke etter en uke. Jeg legger ved et bilde av skaden.',
      ],
      answers: [
        'det skulle ikke ha skjedd. Vi sender en ny i dag, og den er hos deg senest {day}. Behold gjerne den gamle.',
        'beklager bryet. Vi har ført {amount} kroner tilbake til kortet ditt; det tar opp til tre dager.',
        'takk for bildet. Returlappen ligger ved, og frakten betaler vi.',
      ],
      thanks: ['Tusen takk, det gikk fort!', 'Pengene har kommet. Takk for hjelpen.', 'Supert, pakken er sendt i dag.'],
      note: 'Samme parti som i forrige måned. Betal tilbake med en gang.',
    },
    {
      tag: 'faktura',
      subjects: ['Faktura {number} mangler KID-nummer', 'Vi har ikke fått faktura for ordre {number}', 'Feil adresse på faktura {number}'],
      asks: [
        'jeg får ikke betalt faktura {number} uten KID. Kan dere sende en ny?',
        'regnskapsføreren vår venter på fakturaen for ordre {number}. Fristen er {day}.',
        'det står {amount} kroner på fakturaen som jeg ikke kjenner igjen. Er det frakten?',
      ],
      answers: [
        'her er fakturaen på nytt, nå med KID-nummer. Betalingsfristen er flyttet med to uker.',
        'vi har kreditert faktura {number} og laget en ny med riktig adresse. Begge ligger ved.',
        'du har rett, frakten ble tatt betalt to ganger. Vi har sendt {amount} kroner tilbake.',
      ],
      thanks: ['Takk, nå er den betalt.', 'Flott, da stemmer regnskapet.', 'Tusen takk for rask hjelp.'],
    },
    {
      tag: 'levering',
      subjects: ['Hvor er ordre {number}?', 'Levering på {day}', 'Ny leveringsadresse'],
      asks: [
        'sporingen har stått stille siden {day}. Vet dere hvor pakken er?',
        'kan dere levere på {day} i stedet? Det er ingen hjemme før det.',
        'vi har flyttet. Kan ordre {number} sendes til den nye adressen i signaturen min?',
      ],
      answers: [
        'pakken ble liggende på terminalen. Posten lover levering senest {day}.',
        'det er ordnet. Sjåføren kommer {day} mellom ni og tolv og ringer først.',
        'adressen er endret, så pakken går rett til det nye hjemmet ditt.',
      ],
      thanks: ['Den kom i dag, godt pakket. Takk!', 'Perfekt, vi sees {day}.', 'Takk for at dere ordnet det.'],
    },
  ],
};
