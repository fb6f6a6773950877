import type { Mapping, Span } from '../mapping/Mapping.js';

/** A text with mappings in braces: `Bearer {$config.token}`. */
export interface Template {
  readonly text: string;
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart = TemplateText | TemplateHole;

export interface TemplateText extends Span {
  readonly kind: 'text';
  readonly text: string;
}

/** `{ … }`; its place is that of the mapping within the braces. */
export interface TemplateHole extends Span {
  readonly kind: 'hole';
  readonly mapping: Mapping;
}

/**
 * The template of a URL, taken apart before any value is known: a value can fill a hole, and no more than that.
 *
 * `segments` are what stands between the slashes of the path; the last is empty when the path ends with a slash. Texts in them and in
 * `query` are percent-encoded.
 */
export interface UrlTemplate {
  readonly text: string;
  /** `https://api.example.com:8443`, in lower case, without the default port; undefined for a template that begins with its path. */
  readonly origin: string | undefined;
  readonly segments: readonly (readonly TemplatePart[])[];
  readonly query: readonly QueryTemplate[];
}

/** `name=value`; `value` undefined where there is no `=`. */
export interface QueryTemplate {
  readonly name: readonly TemplatePart[];
  readonly value: readonly TemplatePart[] | undefined;
}
