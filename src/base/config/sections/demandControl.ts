import { z } from 'zod';

const points = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const listSize = z.int().min(0).max(1_000_000_000);

const budget = z.strictObject({
  max: points
    .meta({
      description: 'The most that the subgraph may be asked for by one operation. Default: no limit.',
      examples: [500],
    })
    .optional(),
  list_size: listSize
    .meta({ description: 'Items assumed of a list, where the budget of the subgraph is estimated.', examples: [5] })
    .optional(),
});

/** How much one operation may ask for. Names follow Apollo Router. */
export const demandControl = z
  .strictObject({
    enabled: z
      .boolean()
      .meta({ description: 'Whether the cost of operations is estimated and measured.', examples: [true] })
      .default(false),
    mode: z
      .enum(['measure', 'enforce'])
      .meta({
        description:
          '`measure` reports what operations cost; `enforce` refuses those that are estimated to cost more than `max` (400), before anything is asked.',
        examples: ['enforce'],
      })
      .default('measure'),
    strategy: z
      .strictObject({
        static_estimated: z
          .strictObject({
            list_size: listSize
              .meta({
                description: 'Items assumed of a list of which `@listSize` says nothing.',
                examples: [20],
              })
              .default(10),
            max: points
              .meta({ description: 'The most that one operation may be estimated to cost.', examples: [5000] })
              .default(1000),
            subgraph: z
              .strictObject({
                all: budget.meta({ description: 'Of each subgraph.' }).prefault({}),
                subgraphs: z
                  .record(z.string(), budget)
                  .meta({
                    description: 'What differs for one subgraph, by name.',
                    examples: [{ reviews: { max: 100 } }],
                  })
                  .prefault({}),
              })
              .meta({
                description:
                  'Budgets of subgraphs: one that is estimated to be asked for more is not asked by this operation, and its fields are null with an error.',
              })
              .prefault({}),
          })
          .meta({ description: 'The cost is added up from `@cost`, `@listSize` and variables.' })
          .prefault({}),
      })
      .meta({ description: 'How the cost is found out.' })
      .prefault({}),
    headers: z
      .boolean()
      .meta({
        description: 'Whether answers say what they cost, in `X-Cost-Estimated` and `X-Cost-Actual`.',
        examples: [true],
      })
      .default(false),
    extensions: z
      .boolean()
      .meta({ description: 'Whether answers say it in `extensions.cost`, too.', examples: [true] })
      .default(false),
  })
  .meta({
    description:
      'What operations cost, by `@cost` and `@listSize` in the schemas of subgraphs. See docs/demand-control.md. Limits in points per time: `counts: cost` in `rate_limit`.',
  })
  .prefault({});
