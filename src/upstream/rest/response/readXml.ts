import { XMLParser, XMLValidator } from 'fast-xml-parser';

import type { BodyResult } from './BodyResult.js';

/** Elements within elements. */
const MAX_DEPTH = 200;

/** Reading XML takes the event loop about ten times as long as JSON of the same length; in UTF-16 code units. */
const MAX_LENGTH = 2_000_000;

/**
 * An XML document as JSON: an object with its root element. Elements are properties; an element that occurs twice is a list; attributes
 * have an `@` in front of their name (`"@id"`), and the text of an element that has attributes or children is `"#text"`. Every text is a
 * string, trimmed. Namespace prefixes stay.
 *
 * Document types are refused, and with them entities of the document's own (XXE, "billion laughs"): only `&lt;`, `&gt;`, `&amp;`, `&quot;`,
 * `&apos;` and characters by number (`&#233;`) are understood. Others stay as they are written.
 */
export function readXml(text: string): BodyResult {
  if (text.length > MAX_LENGTH)
    return { ok: false, message: `The answer is XML of more than ${MAX_LENGTH} characters` };
  if (/<!DOCTYPE/i.test(text))
    return { ok: false, message: 'The answer is XML with a document type, which is not read' };
  try {
    if (XMLValidator.validate(text) !== true) return NO_XML;
    return { ok: true, value: new XMLParser(OPTIONS).parse(withoutCdata(text)) as unknown };
  } catch {
    return NO_XML;
  }
}

const NO_XML: BodyResult = { ok: false, message: `The answer is no XML, or nested deeper than ${MAX_DEPTH} levels` };

const OPTIONS: ConstructorParameters<typeof XMLParser>[0] = {
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#text',
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  maxNestedTags: MAX_DEPTH,
  tagValueProcessor: (_name, value) => decodeEntities(value),
  attributeValueProcessor: (_name, value) => decodeEntities(value),
};

const NAMED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

const SECTION = /<!--|<!\[CDATA\[/g;

/** CDATA sections as the text that they mean: the parser would decode entities in them. Those in comments are left alone. */
function withoutCdata(text: string): string {
  let result = '';
  let from = 0;
  SECTION.lastIndex = 0;
  for (let found = SECTION.exec(text); found !== null; found = SECTION.exec(text)) {
    const isComment = found[0] === '<!--';
    const end = text.indexOf(isComment ? '-->' : ']]>', SECTION.lastIndex);
    if (end < 0) break;
    if (!isComment) {
      const section = text.slice(SECTION.lastIndex, end);
      result += text.slice(from, found.index) + section.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      from = end + 3;
    }
    SECTION.lastIndex = end + 3;
  }
  return from === 0 ? text : result + text.slice(from);
}

/** Once over the text: what a decoded `&amp;` makes is not decoded again. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED.get(name) ?? whole;
      const point = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
      const isCharacter = point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
      return isCharacter ? String.fromCodePoint(point) : whole;
    },
  );
}
