import type { Mapping } from './mapping/Mapping.js';
import type { Parsed } from './mapping/MappingProblem.js';
import { parseSelection } from './mapping/parseSelection.js';

/** A mapping, and where its text begins in the text around it. */
export interface ParsedPart {
  readonly mapping: Mapping;
  readonly offset: number;
}

/** The mappings inside a template. */
export function templateMappings(text: string, specVersion: Mapping['version']): Parsed<readonly ParsedPart[]> {
  const parts: ParsedPart[] = [];
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) {
    let depth = 0;
    let end = at;
    for (; end < text.length; end++) {
      if (text[end] === '{') depth++;
      if (text[end] === '}' && --depth === 0) break;
    }
    const parsed = parseSelection(text.slice(at + 1, end), { specVersion });
    if (!parsed.ok) return parsed;
    parts.push({ mapping: parsed.value, offset: at + 1 });
    at = end;
  }
  return { ok: true, value: parts };
}
