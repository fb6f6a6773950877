/**
 * A 32 bit number from a text, equal in every process: for spreading, never for secrets. FNV-1a over UTF-16 units, then mixed so that
 * texts which differ in their last character are far apart.
 *
 * @param seed another seed gives an independent number
 */
export function hash32(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mix32(hash);
}

/** Spreads what differs in one bit over all of them (the finalizer of MurmurHash3). */
export function mix32(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
