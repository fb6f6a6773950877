import { InvalidArgumentError } from 'commander';

import type { SubgraphReplacement } from './replaceSubgraphs.js';

/** Readers of command line values. They throw InvalidArgumentError, which commander shows with the option's name. */

export function portNumber(text: string): number {
  const port = Number(text);
  if (text.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

/** `reviews=http://localhost:4003/graphql`, once or more often. */
export function subgraphReplacements(
  text: string,
  former: readonly SubgraphReplacement[],
): readonly SubgraphReplacement[] {
  const at = text.indexOf('=');
  const [name, url] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || !/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw new InvalidArgumentError('Write a name and a URL: reviews=http://localhost:4003/graphql');
  return [...former, { name, url }];
}

/** `reviews` or `reviews,products`, once or more often. */
export function subgraphNames(text: string, former: readonly string[]): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('Write names of subgraphs: reviews or reviews,products');
  return [...former, ...names];
}
