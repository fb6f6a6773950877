/** RFC 9110, 5.6.2 `token`: what names of headers and cookies are made of. */
export const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The media type that a `Content-Type` names, in lower case and without parameters; empty for none. */
export function mediaTypeOf(contentType: string | undefined): string {
  return contentType?.split(';', 1)[0]!.trim().toLowerCase() ?? '';
}
