import type { Draw } from './Draw.js';
import { moment, uuid } from './momentAndUuid.js';
import { textValue } from './textValue.js';

/** A value that looks right for a scalar, by its name and by the name of the field. */
export function scalarValue(scalar: string, typeName: string, field: string, draw: Draw): unknown {
  switch (scalar) {
    case 'String':
      return textValue(typeName, field, draw);
    case 'ID':
      return String(draw.whole(1, 999_999));
    case 'Int':
      return wholeValue(field, draw);
    case 'Float':
      return decimalValue(field, draw);
    case 'Boolean':
      return draw.fraction() < 0.5;
  }
  if (/json|object|any|map/i.test(scalar))
    return { value: draw.whole(1, 100), text: textValue(typeName, 'word', draw) };
  if (/uuid|guid/i.test(scalar)) return uuid(draw);
  if (/big|long|int|unix|timestamp_?ms/i.test(scalar)) return wholeValue(field, draw);
  if (/^(local)?time$/i.test(scalar)) return moment(draw).slice(11, 19);
  if (/^(local)?date$/i.test(scalar)) return moment(draw).slice(0, 10);
  if (/duration/i.test(scalar)) return `PT${draw.whole(1, 90)}M`;
  if (/zone/i.test(scalar)) return draw.pick(['Europe/Berlin', 'America/New_York', 'Asia/Tokyo']);
  if (/date|time|instant/i.test(scalar)) return moment(draw);
  if (/float|decimal|double|money|number|percent/i.test(scalar)) return decimalValue(field, draw);
  if (/bool/i.test(scalar)) return draw.fraction() < 0.5;
  if (/locale/i.test(scalar)) return draw.pick(['en-GB', 'de-DE', 'fr-FR']);
  if (/ipv?4?$/i.test(scalar)) return `192.0.2.${draw.whole(1, 254)}`;
  return textValue(typeName, `${scalar} ${field}`, draw);
}

function wholeValue(field: string, draw: Draw): number {
  if (/year/i.test(field)) return draw.whole(1990, 2025);
  if (/month/i.test(field)) return draw.whole(1, 12);
  if (/^age$/i.test(field)) return draw.whole(18, 80);
  if (/stars?$|rating|score$/i.test(field)) return draw.whole(1, 5);
  if (/percent/i.test(field)) return draw.whole(0, 100);
  if (/price|amount|cents|total|cost|salary/i.test(field)) return draw.whole(5, 500) * 100 - 1;
  if (/timestamp|At$/i.test(field)) return Math.floor(Date.parse(moment(draw)) / 1000);
  if (/count|quantity|stock|number/i.test(field)) return draw.whole(0, 100);
  return draw.whole(1, 1000);
}

function decimalValue(field: string, draw: Draw): number {
  if (/lat(itude)?$/i.test(field)) return draw.decimal(-90, 90, 5);
  if (/(lon|lng|longitude)$/i.test(field)) return draw.decimal(-180, 180, 5);
  if (/stars?$|rating|score$/i.test(field)) return draw.decimal(1, 5, 1);
  if (/percent/i.test(field)) return draw.decimal(0, 100, 1);
  if (/price|amount|total|cost/i.test(field)) return draw.decimal(5, 500);
  return draw.decimal(0, 100);
}
