import { cookiesOf } from '../../base/kit/cookiesOf.js';
import type { CredentialedRequest } from '../context.js';
import { Refusal } from './Refusal.js';

/** Where a token may be: a header, with a word before it, or a cookie. */
export interface TokenSource {
  readonly header?: string | undefined;
  /** Compared without regard to case (RFC 9110, 11.1); empty for none. */
  readonly prefix: string;
  /** Whether a value with another first word is none of ours. */
  readonly ignoreOtherPrefixes: boolean;
  readonly cookie?: string | undefined;
}

/** RFC 9110, 11.2 `token68`, and what else is in use: no spaces, commas or quotes. */
const TOKEN = /^[\w.~+/=:!$&*|-]+$/;

/** Finds the token at one place; undefined when there is none. Errors: a Refusal for what is there and is no token. */
export type FindToken = (request: CredentialedRequest) => string | undefined;

/**
 * The declared rule for odd requests: one header of the name, once; the word, in any case; one or more spaces; the token. Anything else that
 * begins like a credential is a bad credential: two headers, two tokens, a tab, the word alone. So is a cookie that is sent twice.
 */
export function compileTokenSource(source: TokenSource): FindToken {
  const { header, cookie } = source;
  if (cookie !== undefined) return (request) => findCookie(request.header('cookie'), cookie);
  if (header === undefined) throw new Error('A token source says nothing');
  const word = source.prefix.toLowerCase();
  return (request) => {
    const value = request.header(header);
    if (value === undefined) return undefined;
    if (request.isRepeated(header)) throw new Refusal(`the header ${header} was sent more than once`);
    if (word === '') return checked(value, header);
    const isOurs = value.length >= word.length && value.slice(0, word.length).toLowerCase() === word;
    if (!isOurs || !(value.length === word.length || value[word.length] === ' ')) {
      if (source.ignoreOtherPrefixes) return undefined;
      throw new Refusal(`the header ${header} has another scheme`);
    }
    let from = word.length;
    while (value[from] === ' ') from++;
    return checked(value.slice(from), header);
  };
}

function checked(token: string, place: string): string {
  if (!TOKEN.test(token)) throw new Refusal(`the header ${place} holds no single token`);
  return token;
}

function findCookie(header: string | undefined, name: string): string | undefined {
  const [found, second] = cookiesOf(header, name);
  if (second !== undefined) throw new Refusal(`the cookie ${name} was sent more than once`);
  // Browsers keep a cookie that was emptied to log somebody out.
  return found === undefined || found === '' ? undefined : checked(found, 'cookie');
}
