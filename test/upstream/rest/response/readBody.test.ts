import { describe, expect, it } from 'vitest';

import { readBody } from '../../../../src/upstream/rest/response/readBody.js';

const value = (text: string | undefined, type?: string): unknown => {
  const body = readBody(text, type);
  return body.ok ? body.value : body.message;
};
const NO_XML = 'The answer is no XML, or nested deeper than 200 levels';

describe('what a service answered', () => {
  it('JSON, by content-type or for want of one', () => {
    for (const type of [
      'application/json',
      'Application/JSON; charset=utf-8',
      'application/hal+json',
      'text/json',
      undefined,
      '',
    ]) {
      expect(value('{"a":1}', type)).toEqual({ a: 1 });
    }
    expect(value('\ufeff[9007199254740993]')).toEqual([9007199254740993n]);
    expect(value('{', 'application/json')).toBe('The answer is no JSON, or nested deeper than 500 levels');
    expect(value('['.repeat(100_000) + ']'.repeat(100_000))).toBe(
      'The answer is no JSON, or nested deeper than 500 levels',
    );
  });

  it('nothing is null; other texts are strings; what is neither is null', () => {
    expect(value(undefined, 'application/json')).toBeNull();
    expect(value('', 'application/json')).toBeNull();
    expect(value('1,2', 'text/csv')).toBe('1,2');
    expect(value('{"a":1}', 'text/plain; charset=utf-8')).toBe('{"a":1}');
    expect(value('\u0000', 'image/png')).toBeNull();
  });

  it('XML: elements, lists, attributes, text, CDATA', () => {
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
      <!-- a comment with <![CDATA[ in it -->
      <stock xmlns:x="urn:x">
        <item sku="p1" x:count="007"><name>A &amp; B &#233; &#x41;</name></item>
        <item sku="p2">text <b>bold</b></item>
        <one>1.50</one><none/><raw><![CDATA[<a>&amp;</a>]]></raw>
      </stock>`;
    for (const type of ['application/xml', 'text/xml; charset=utf-8', 'application/soap+xml']) {
      expect(value(xml, type)).toEqual({
        stock: {
          '@xmlns:x': 'urn:x',
          item: [
            { '@sku': 'p1', '@x:count': '007', name: 'A & B é A' },
            { '@sku': 'p2', b: 'bold', '#text': 'text' },
          ],
          one: '1.50',
          none: '',
          raw: '<a>&amp;</a>',
        },
      });
    }
  });
});

describe('hostile XML (F1)', () => {
  it('document types are refused: no entity of its own, no file, no URL', () => {
    const laughs = `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>`;
    const external = `<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>`;
    for (const text of [laughs, external, external.toLowerCase(), `<?xml version="1.0"?>\n${external}`]) {
      expect(value(text, 'text/xml')).toBe('The answer is XML with a document type, which is not read');
    }
    expect(value('<l>&x; &amp;lt; &#0; &#xD800; &constructor;</l>', 'text/xml')).toEqual({
      l: '&x; &lt; &#0; &#xD800; &constructor;',
    });
  });

  it('what is no XML, or too deep, is no answer', () => {
    for (const text of [
      '<a>',
      '<a></b>',
      'x',
      '{"a":1}',
      '<a><b></a></b>',
      '<a x=1/>',
      '<a>'.repeat(250) + '</a>'.repeat(250),
    ]) {
      expect(value(text, 'text/xml')).toBe(NO_XML);
    }
    expect(value('<a>'.repeat(100_000) + '</a>'.repeat(100_000), 'text/xml')).toBe(NO_XML);
  });

  it('longer than two million characters is not read', () => {
    expect(value(`<a>${'x'.repeat(2_000_000)}</a>`, 'text/xml')).toBe(
      'The answer is XML of more than 2000000 characters',
    );
  });

  it('no element or attribute reaches a prototype', () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
      const body = readBody(
        `<a><${name} polluted="1"><polluted>1</polluted></${name}><b ${name}="1"/></a>`,
        'text/xml',
      );
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      if (!body.ok) continue;
      const { a } = body.value as { a: Record<string, unknown> };
      expect(a['polluted']).toBeUndefined();
    }
  });

  it('many sections that never end are no work', () => {
    expect(value('<![CDATA['.repeat(200_000), 'text/xml')).toBe(NO_XML);
    expect(value(`<a>${'<![CDATA['.repeat(200_000)}</a>`, 'text/xml')).toBe(NO_XML);
    expect(value(`<a>${'<'.repeat(300_000)}</a>`, 'text/xml')).toBe(NO_XML);
    expect(value(`<a ${'a="'.repeat(100_000)}>`, 'text/xml')).toBe(NO_XML);
    expect(value(`<a>${'<!--'.repeat(100_000)}</a>`, 'text/xml')).toBe(NO_XML);
    expect(value(`<a>${'<b '.repeat(100_000)}</a>`, 'text/xml')).toBe(NO_XML);
  });

  it('a long text with many entities or attributes is read in one go', () => {
    const text = '&amp;'.repeat(100_000);
    expect((value(`<a>${text}</a>`, 'text/xml') as { a: string }).a).toHaveLength(100_000);
    const attributes = Array.from({ length: 20_000 }, (_, index) => `a${index}="1"`).join(' ');
    expect(Object.keys((value(`<a ${attributes}/>`, 'text/xml') as { a: object }).a)).toHaveLength(20_000);
  });
});
