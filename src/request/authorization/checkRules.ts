import { isInputObjectType, isUnionType } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import type { Demand } from '../../supergraph/model/AccessRules.js';
import { unknownCoordinate } from '../../supergraph/model/coordinates.js';

import type { Access, AddedDemands, Term } from './Access.js';
import type { Policies } from './Policies.js';

/** What is wrong with rules, a line each: places that do not exist, policies that nobody decides. */
export function checkRules(
  { apiSchema }: { readonly apiSchema: GraphQLSchema },
  added: AddedDemands,
  access: Access,
  introspection: readonly Term[],
  policies: Policies,
): readonly string[] {
  const problems: string[] = [];
  for (const { coordinate, why } of misplacedRules(apiSchema, added.keys())) {
    problems.push(`authorization.fields.${coordinate} ${why}`);
  }
  const undecided = new Map<string, string>();
  const check = (coordinate: string, demand: Demand): void => {
    if (demand.kind !== 'policies') return;
    for (const name of demand.anyOf.flat()) if (!policies.knows(name)) undecided.set(name, coordinate);
  };
  for (const [coordinate, demands] of access.written) for (const demand of demands) check(coordinate, demand);
  for (const { coordinate, demand } of introspection) check(coordinate, demand);
  for (const [name, coordinate] of undecided) {
    problems.push(
      `authorization.policies: nobody decides the policy ${name} of ${coordinate}; write it under expressions, export it from the module, or name an endpoint`,
    );
  }
  return problems;
}

/** The coordinates at which no rule can stand, and why. */
export function misplacedRules(
  schema: GraphQLSchema,
  coordinates: Iterable<string>,
): ReadonlyArray<{ readonly coordinate: string; readonly why: string }> {
  return [...coordinates].flatMap((coordinate) => {
    const why = misplaced(schema, coordinate);
    return why === undefined ? [] : [{ coordinate, why }];
  });
}

function misplaced(schema: GraphQLSchema, coordinate: string): string | undefined {
  const type = schema.getType(coordinate.split('.')[0]!);
  if (isUnionType(type) || isInputObjectType(type))
    return 'cannot be protected: rules stand at fields, objects, interfaces, scalars and enums';
  return unknownCoordinate(schema, coordinate);
}
