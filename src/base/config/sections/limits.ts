import { z } from 'zod';

const count = (max: number) => z.int().min(1).max(max);

/** What one document may ask for. Names follow Apollo Router. */
export const limits = z
  .strictObject({
    max_depth: count(200)
      .meta({ description: 'Fields inside one another.', examples: [10] })
      .default(15),
    max_aliases: z
      .int()
      .min(0)
      .max(10_000)
      .meta({ description: 'Aliased fields of an operation.', examples: [10] })
      .default(30),
    max_root_fields: count(10_000)
      .meta({ description: 'Fields at the root of an operation.', examples: [10] })
      .default(20),
    max_directives: z
      .int()
      .min(0)
      .max(10_000)
      .meta({ description: 'Directives of a document.', examples: [20] })
      .default(50),
    max_height: count(1_000_000)
      .meta({
        description: 'Fields of an operation, those of one name in one selection counted once. Default: no limit.',
        examples: [200],
      })
      .optional(),
    max_list_size: z
      .int()
      .min(0)
      .max(2_147_483_647)
      .meta({
        description:
          'Items that a client may ask for in one slicing argument of `@listSize` (`first: 100`). Default: no limit.',
        examples: [100],
      })
      .optional(),
    max_selections: count(1_000_000)
      .meta({ description: 'Fields, inline fragments and spreads of all operations of a document.', examples: [5000] })
      .default(20_000),
    parser_max_tokens: count(1_000_000)
      .meta({ description: 'Lexical tokens of a document.', examples: [2000] })
      .default(5000),
    parser_max_characters: count(10_000_000)
      .meta({ description: 'Characters of a document.', examples: [100_000] })
      .default(250_000),
    introspection_max_depth: count(50)
      .meta({
        description:
          'Fields inside one another below `__schema` and `__type`. The standard introspection query needs 15.',
        examples: [15],
      })
      .default(15),
    warn_only: z
      .boolean()
      .meta({
        description:
          'Whether documents beyond `max_depth`, `max_height`, `max_aliases`, `max_root_fields`, `max_directives` or `max_list_size` are logged and answered all the same. The other limits protect the gateway itself and always refuse.',
        examples: [true],
      })
      .default(false),
  })
  .meta({
    description:
      'What one document may ask for. Counted as it is executed: a fragment counts as often as it is spread. A document exactly at a limit is accepted; beyond it is answered with 400.',
  })
  .prefault({});
