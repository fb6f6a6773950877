import { z } from 'zod';

import { duration } from '../values/quantity.js';
import { filePath, headerName, headerValue, httpUrl, text } from '../values/text.js';

const subgraphSchema = z
  .strictObject({
    file: filePath()
      .meta({ description: 'The SDL in a file.', examples: ['./accounts/schema.graphql'] })
      .optional(),
    subgraph_url: httpUrl()
      .meta({
        description: 'Asked for its SDL with `{ _service { sdl } }`, again every `supergraph.poll_interval`.',
        examples: ['http://accounts:4001/graphql'],
      })
      .optional(),
    module: filePath()
      .meta({
        description:
          'A module whose default export is `defineRestSubgraph(…)`: it has the SDL, and answers the subgraph in the process of the gateway. It runs with all rights of the gateway. See docs/rest.md.',
        examples: ['./stock.js'],
      })
      .optional(),
    sdl: text()
      .meta({ description: 'The SDL itself.', examples: ['type Query { me: String }'] })
      .optional(),
    introspection_headers: z
      .record(headerName(), headerValue())
      .meta({
        description: 'Headers sent when the SDL is asked for.',
        examples: [{ authorization: 'Bearer ${SDL_TOKEN}' }],
      })
      .optional(),
  })
  .superRefine((schema, context) => {
    const given = (['file', 'subgraph_url', 'module', 'sdl'] as const).filter((key) => schema[key] !== undefined);
    if (given.length !== 1) {
      context.addIssue({
        code: 'custom',
        message: `needs exactly one of file, subgraph_url, module and sdl, ${given.length === 0 ? 'and has none' : `but has ${given.join(' and ')}`}`,
      });
    } else if (schema.introspection_headers !== undefined && schema.subgraph_url === undefined) {
      context.addIssue({ code: 'custom', path: ['introspection_headers'], message: 'is used with subgraph_url only' });
    }
  })
  .meta({ description: 'Where the SDL comes from.' });

/** The part that Rover's `supergraph.yaml` consists of. */
const listShape = {
  // Rover takes a number as well, and `latest-2`.
  federation_version: z
    .union([z.literal(2), z.string().regex(/^(=?2(?:\.\d+){0,2}|latest-2)$/)])
    .meta({
      must: 'be a version of Federation 2 such as =2.14',
      description:
        'The Federation version that the list was written for, as Rover wants it. Composition always uses the one Portico brings.',
      examples: ['=2.14'],
    })
    .optional(),
  subgraphs: z
    .record(
      text(),
      z.strictObject({
        routing_url: httpUrl()
          .meta({
            description:
              'Where the subgraph is called. May be left out with `schema.subgraph_url`, which is then used, and where the schema says it (REST).',
            examples: ['http://accounts:4001/graphql'],
          })
          .optional(),
        schema: subgraphSchema,
      }),
    )
    .refine((list) => Object.keys(list).length > 0)
    .meta({ must: 'be a list of at least one subgraph by name', description: 'The subgraphs to compose, by name.' }),
};

/** A file in the format of Rover's `supergraph.yaml`. */
export const subgraphList = z.strictObject(listShape);

/** Where the supergraph comes from. All of it needs a restart to change. */
export const supergraph = z
  .strictObject({
    file: filePath()
      .meta({ description: 'A composed supergraph.', examples: ['./supergraph.graphql'] })
      .optional(),
    config: filePath()
      .meta({
        description: "A list of subgraphs in the format of Rover's `supergraph.yaml`, composed at the start.",
        examples: ['./supergraph.yaml'],
      })
      .optional(),
    federation_version: listShape.federation_version,
    subgraphs: listShape.subgraphs.optional(),
    poll_interval: duration({ min: '1s', max: '1d' })
      .meta({
        description: 'How often subgraphs with `schema.subgraph_url` are asked for their SDL. Default: every 10s.',
        examples: ['30s'],
      })
      .optional(),
  })
  .superRefine((value, context) => {
    const given = (['file', 'config', 'subgraphs'] as const).filter((key) => value[key] !== undefined);
    const issue = (message: string, path: string[] = []): void => context.addIssue({ code: 'custom', path, message });
    if (given.length === 0) {
      issue('needs one of file, config and subgraphs, and has none');
    } else if (given.length > 1) {
      issue(`says in two ways where the supergraph comes from: ${given.join(' and ')}`);
    } else if (value.subgraphs === undefined && value.federation_version !== undefined) {
      issue('belongs to supergraph.subgraphs, which is not there', ['federation_version']);
    } else if (value.poll_interval !== undefined && value.file !== undefined) {
      issue('has no effect on a supergraph in a file, which is watched', ['poll_interval']);
    } else if (value.poll_interval !== undefined && value.subgraphs !== undefined) {
      const asked = Object.values(value.subgraphs).some(({ schema }) => schema.subgraph_url !== undefined);
      if (!asked) issue('has no effect: no subgraph has a schema.subgraph_url', ['poll_interval']);
    }
  })
  .meta({ description: 'Where the supergraph comes from: exactly one of `file`, `config` and `subgraphs`.' });
