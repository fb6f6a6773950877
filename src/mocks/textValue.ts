import type { Draw } from './Draw.js';
import { moment, uuid } from './momentAndUuid.js';

const FIRST_NAMES = [
  'Ada',
  'Alan',
  'Barbara',
  'Claude',
  'Donald',
  'Edith',
  'Grace',
  'Hedy',
  'John',
  'Katherine',
  'Linus',
  'Mary',
  'Niklaus',
  'Radia',
  'Tim',
];
const LAST_NAMES = [
  'Berners',
  'Clarke',
  'Dijkstra',
  'Franklin',
  'Hamilton',
  'Hopper',
  'Johnson',
  'Knuth',
  'Lamarr',
  'Liskov',
  'Lovelace',
  'Perlman',
  'Shannon',
  'Turing',
  'Wirth',
];
const CITIES = [
  'Amsterdam',
  'Berlin',
  'Lisbon',
  'London',
  'Lyon',
  'Madrid',
  'Oslo',
  'Porto',
  'Prague',
  'Rome',
  'Vienna',
  'Zurich',
];
const COUNTRIES = ['Austria', 'France', 'Germany', 'Italy', 'Norway', 'Portugal', 'Spain'];
const STREETS = ['Bridge Street', 'Church Lane', 'High Street', 'Mill Road', 'Station Road', 'Park Avenue'];
const COMPANIES = ['Acme', 'Globex', 'Initech', 'Umbrella', 'Wayne', 'Stark', 'Hooli'];
const ADJECTIVES = [
  'Bright',
  'Calm',
  'Clever',
  'Compact',
  'Folding',
  'Gentle',
  'Heavy',
  'Light',
  'Modern',
  'Plain',
  'Quiet',
  'Round',
  'Solid',
  'Warm',
];
const COLOURS = ['black', 'blue', 'brown', 'green', 'grey', 'orange', 'red', 'white', 'yellow'];
const WORDS = [
  'about',
  'after',
  'always',
  'and',
  'better',
  'but',
  'comes',
  'day',
  'every',
  'find',
  'first',
  'good',
  'great',
  'hand',
  'light',
  'little',
  'long',
  'made',
  'never',
  'other',
  'place',
  'same',
  'small',
  'still',
  'thing',
  'time',
  'water',
  'when',
  'with',
  'work',
];

/** The kinds of texts, most special first: the name of a field, and what stands there. */
const KINDS: ReadonlyArray<readonly [pattern: RegExp, make: (draw: Draw, typeName: string) => string]> = [
  [/e-?mail/i, (draw) => `${draw.pick(FIRST_NAMES)}.${draw.pick(LAST_NAMES)}@example.com`.toLowerCase()],
  [/phone|mobile|fax/i, (draw) => `+1 555 01${draw.whole(10, 99)}`],
  [/(image|avatar|photo|picture|thumbnail|logo)/i, (draw) => `https://example.com/images/${draw.whole(1, 999)}.png`],
  [/url|uri|href|link|website|homepage/i, (draw) => `https://example.com/${draw.pick(WORDS)}/${draw.whole(1, 999)}`],
  [/uuid|guid/i, uuid],
  [/cursor|token|hash/i, (draw) => draw.whole(0, 2 ** 31).toString(36)],
  [/timestamp|date|time$|At$|birthday|^since$/, moment],
  [/first_?name|given_?name/i, (draw) => draw.pick(FIRST_NAMES)],
  [/(last|family|sur)_?name/i, (draw) => draw.pick(LAST_NAMES)],
  [/user_?name|login|handle|nick/i, (draw) => `${draw.pick(FIRST_NAMES)}${draw.whole(1, 99)}`.toLowerCase()],
  [/slug/i, (draw) => `${draw.pick(ADJECTIVES)}-${draw.pick(WORDS)}-${draw.whole(1, 99)}`.toLowerCase()],
  [/file_?name/i, (draw) => `${draw.pick(WORDS)}.txt`],
  [/compan|organi[sz]ation|vendor|brand|manufacturer/i, (draw) => draw.pick(COMPANIES)],
  [/author|owner|creator|customer|person|full_?name|display_?name/i, (draw) => person(draw)],
  [/country_?code/i, (draw) => draw.pick(['AT', 'DE', 'ES', 'FR', 'IT', 'NO', 'PT'])],
  [/country/i, (draw) => draw.pick(COUNTRIES)],
  [/city|town|place|location/i, (draw) => draw.pick(CITIES)],
  [/zip|postal/i, (draw) => String(draw.whole(10_000, 99_999))],
  [/street|address/i, (draw) => `${draw.whole(1, 200)} ${draw.pick(STREETS)}`],
  [/currency/i, (draw) => draw.pick(['EUR', 'GBP', 'USD'])],
  [/lang(uage)?|locale/i, (draw) => draw.pick(['de', 'en', 'es', 'fr', 'it'])],
  [/colou?r/i, (draw) => draw.pick(COLOURS)],
  [/price|amount|cost|total/i, (draw) => draw.decimal(5, 500).toFixed(2)],
  [/version/i, (draw) => `${draw.whole(0, 9)}.${draw.whole(0, 20)}.${draw.whole(0, 9)}`],
  [/isbn|ean|gtin/i, (draw) => `978${String(draw.whole(0, 2 ** 30)).padStart(10, '0')}`],
  [/sku|upc|code|number/i, (draw) => `${draw.pick(['A', 'B', 'C'])}${draw.whole(1000, 9999)}`],
  [/^(name|title|label|headline|subject|caption)$|name$|title$/i, naming],
  [/body|text|content|description|comment|message|summary|bio|note|abstract|reason/i, (draw) => sentence(draw)],
];

const isPerson = /user|person|customer|author|member|employee|account|contact|actor|reviewer|profile/i;

/** A text that looks right for a field; otherwise a few words that tell where it came from. */
export function textValue(typeName: string, field: string, draw: Draw): string {
  const make = KINDS.find(([pattern]) => pattern.test(field))?.[1];
  return make === undefined ? `${draw.pick(WORDS)} ${draw.pick(WORDS)}` : make(draw, typeName);
}

function naming(draw: Draw, typeName: string): string {
  return isPerson.test(typeName) ? person(draw) : `${draw.pick(ADJECTIVES)} ${spaced(typeName)}`;
}

function person(draw: Draw): string {
  return `${draw.pick(FIRST_NAMES)} ${draw.pick(LAST_NAMES)}`;
}

function sentence(draw: Draw): string {
  const words = Array.from({ length: draw.whole(5, 9) }, () => draw.pick(WORDS)).join(' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** `ProductVariant` as `product variant`. */
function spaced(typeName: string): string {
  return typeName
    .replaceAll(/[_\s]+/g, ' ')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
}
