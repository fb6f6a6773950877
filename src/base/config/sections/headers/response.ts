import { z } from 'zod';

import { isSingleValued } from '../../../kit/answerHeaderNames.js';
import { answerHeaderName, headerValue, namePattern } from '../../values/text.js';
import { exactlyOne } from './exactlyOne.js';
import { removeRule } from './removeRule.js';

const COOKIE = 'set-cookie';

function algorithm() {
  return z.enum(['first', 'last', 'append']).meta({
    description:
      "What becomes of the header when several subgraphs' answers have it, in the order in which they were asked: the value of the `first`, of the `last`, or all of them in one list (`append`).",
    examples: ['append'],
  });
}

const propagate = z
  .strictObject({
    named: answerHeaderName()
      .meta({
        description: "The subgraph's header of this name. Cookies (`set-cookie`) are handed on only when named.",
        examples: ['x-cache'],
      })
      .optional(),
    matching: namePattern()
      .meta({
        description:
          "All of the subgraph's headers whose whole name matches this regular expression. Those that browsers act on (`set-cookie`, `location`, `www-authenticate` …) never do.",
        examples: ['x-shop-.*'],
      })
      .optional(),
    rename: answerHeaderName()
      .meta({
        description: 'The name under which the client gets it; with `named` only.',
        examples: ['x-catalogue-cache'],
      })
      .optional(),
    default: headerValue()
      .meta({
        description: "Used when the subgraph's answer has no such header; with `named` only.",
        examples: ['none'],
      })
      .optional(),
    algorithm: algorithm().default('last'),
  })
  .superRefine((rule, context) => {
    if (!exactlyOne(rule, ['named', 'matching'], context)) return;
    const refuse = (key: 'rename' | 'default' | 'algorithm', message: string): void =>
      context.addIssue({ code: 'custom', path: [key], message });
    if (rule.matching !== undefined) {
      for (const key of ['rename', 'default'] as const)
        if (rule[key] !== undefined) refuse(key, 'can be used with named, not with matching');
      return;
    }
    if (rule.named === COOKIE) {
      for (const key of ['rename', 'default'] as const)
        if (rule[key] !== undefined) refuse(key, 'cannot be used with set-cookie: cookies are handed on as they are');
      if (rule.algorithm === 'first') refuse('algorithm', 'cannot be first for set-cookie: all cookies are handed on');
      return;
    }
    if (rule.rename === COOKIE) return refuse('rename', 'cannot be set-cookie: what is no cookie does not become one');
    const name = rule.rename ?? rule.named!;
    if (rule.algorithm === 'append' && isSingleValued(name))
      refuse('algorithm', `cannot be append for ${name}, of which an answer has one: use first or last`);
  })
  .meta({ description: 'Hands headers of the subgraph on.' });

const insert = z
  .strictObject({
    name: answerHeaderName()
      .refine((name) => name !== COOKIE)
      .meta({
        description: 'The header to set.',
        examples: ['x-served-by'],
        must: 'be the name of a header that a subgraph may set, and not set-cookie: cookies come from subgraphs',
      }),
    value: headerValue().meta({ description: 'Its value.', examples: ['portico'] }),
    algorithm: algorithm().default('last'),
  })
  .meta({ description: 'Sets a header of its own for each answer of the subgraph.' });

const remove = removeRule(
  answerHeaderName(),
  'x-powered-by',
  'Takes away what earlier rules have taken from the same subgraph.',
);

/** A rule about what clients get of a subgraph's headers. */
export const responseRule = z
  .strictObject({ propagate: propagate.optional(), insert: insert.optional(), remove: remove.optional() })
  .superRefine((value, context) => void exactlyOne(value, ['propagate', 'insert', 'remove'], context));
