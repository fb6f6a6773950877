/** What a `Cache-Control` header of an answer means for whoever wants to keep it. */
export interface CacheRules {
  /** Seconds; 0: not at all. */
  readonly maxAge: number;
  /** Absent when it says neither. */
  readonly scope: 'public' | 'private' | undefined;
}

const NOTHING: CacheRules = { maxAge: 0, scope: undefined };

let lastText = '';
let lastRules = NOTHING;

/**
 * Reads `Cache-Control` (RFC 9111, 5.2.2). Where it contradicts itself the stricter part counts; what cannot be read allows nothing.
 * `s-maxage` is for caches in front of the subgraph and not for ours.
 *
 * HOT: once per subgraph answer. Subgraphs say the same thing again and again, so the last text is remembered.
 */
export function readCacheControl(text: string | undefined): CacheRules {
  if (text === undefined) return NOTHING;
  if (text !== lastText) {
    lastRules = parse(text);
    lastText = text;
  }
  return lastRules;
}

function parse(text: string): CacheRules {
  let maxAge: number | undefined;
  let scope: CacheRules['scope'];
  let isForbidden = false;
  for (const directive of text.toLowerCase().split(',')) {
    const [name = '', value = ''] = directive.trim().split('=');
    if (name === 'no-store' || name === 'no-cache') isForbidden = true;
    else if (name === 'private') scope = 'private';
    else if (name === 'public') scope ??= 'public';
    else if (name === 'max-age') {
      const seconds = /^"?(\d{1,9})"?$/.exec(value)?.[1];
      maxAge = Math.min(maxAge ?? Infinity, seconds === undefined ? 0 : Number(seconds));
    }
  }
  return { maxAge: isForbidden ? 0 : (maxAge ?? 0), scope };
}
