/** All values that a `Cookie` header has for a name, in its order (RFC 6265, 4.2.1). */
export function cookiesOf(header: string | undefined, name: string): readonly string[] {
  return (header?.split(';') ?? []).flatMap((pair) => {
    const equals = pair.indexOf('=');
    return equals >= 0 && pair.slice(0, equals).trim() === name ? [pair.slice(equals + 1).trim()] : [];
  });
}
