// The walls. One table drives the lint (npm run walls) and the map in src/README.md.
// Folders stand in the order in which data flows: left may import right, right never imports left.
const wings = ['testing', 'cli', 'mocks', 'gateway', 'edge', 'request', 'engine', 'upstream', 'supergraph', 'base'];

// Inside these wings the rooms are ordered too.
const ordered = {
  edge: ['admin', 'apollo', 'http', 'subscriptions'],
  engine: ['respond', 'execute', 'plan', 'operation'],
  supergraph: ['sources', 'registry', 'compose', 'connect', 'read', 'model'],
  base: ['storage', 'telemetry', 'http', 'config', 'errors', 'kit'],
};

// Rooms of these wings never see each other; they meet in these files of the wing.
const islands = { request: ['context', 'Identity'], upstream: ['SubgraphClient'] };

// A third-party library has one home. `types` names further places that may import its types and nothing else.
const homes = {
  undici: { home: 'src/(base/http|upstream|supergraph/sources)/' },
  opossum: { home: 'src/upstream/resilience/' },
  dataloader: { home: 'src/upstream/rest/' },
  'fast-xml-parser': { home: 'src/upstream/rest/' },
  '@apidevtools/swagger-parser': { home: 'src/upstream/rest/openapi/' },
  ajv: { home: 'src/upstream/rest/openapi/' },
  jose: { home: 'src/(request/authentication|upstream/http|testing)/' },
  ioredis: { home: 'src/base/storage/' },
  pino: { home: 'src/base/telemetry/' },
  'prom-client': { home: 'src/base/telemetry/' },
  '@opentelemetry/[^/]+': { home: 'src/base/telemetry/' },
  yaml: { home: 'src/base/config/' },
  zod: { home: 'src/base/config/' },
  '@marcbachmann/cel-js': { home: 'src/base/config/' },
  commander: { home: 'src/cli/' },
  fastify: { home: 'src/edge/', types: 'src/gateway/' },
  '@apollo/server': { home: 'src/edge/', types: 'src/gateway/' },
  'graphql-ws': { home: 'src/(edge/subscriptions|upstream/stream)/' },
  'graphql-sse': { home: 'src/(edge/subscriptions|upstream/stream)/' },
  '@apollo/composition': { home: 'src/supergraph/compose/' },
  '@apollo/federation-internals': { home: 'src/(engine/plan|supergraph/(read|compose))/' },
  '@apollo/query-planner': { home: 'src/engine/plan/' },
  '@graphql-hive/router-query-planner': { home: 'src/engine/plan/' },
  '@apollo/subgraph': { home: 'src/(testing|upstream/rest)/' },
};

const ban = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });
const ruleName = (text) => text.replace(/\W+/g, '-').replace(/^-|-$/g, '');

const leftward = (prefix, list) =>
  list
    .slice(1)
    .map((room, i) =>
      ban(
        ruleName(`${prefix}${room}-looks-left`),
        `${prefix}${room} may only import what stands to its right: ${list.slice(i + 2).join(', ') || 'nothing'}`,
        { path: `^src/${prefix}${room}/` },
        { path: `^src/${prefix}(${list.slice(0, i + 1).join('|')})/` },
      ),
    );

const library = (name) => `(^|node_modules/)${name}(/|$)`;

const oneHome = ([name, { home, types }]) => {
  const comment = `Only ${home} may import ${name}`;
  if (types === undefined) {
    return [ban(`${ruleName(name)}-has-one-home`, comment, { path: '^src/', pathNot: `^${home}` }, { path: library(name) })];
  }
  return [
    ban(
      `${ruleName(name)}-has-one-home`,
      `${comment}; ${types} may import its types`,
      { path: '^src/', pathNot: [`^${home}`, `^${types}`] },
      { path: library(name) },
    ),
    ban(
      `${ruleName(name)}-types-only`,
      `${types} may import the types of ${name} and nothing else`,
      { path: `^${types}` },
      { path: library(name), dependencyTypesNot: ['type-only'] },
    ),
  ];
};

module.exports = {
  forbidden: [
    ...leftward('', wings),
    ...Object.entries(ordered).flatMap(([wing, rooms]) => leftward(`${wing}/`, rooms)),
    ...Object.entries(islands).map(([wing, doors]) =>
      ban(
        `${wing}-rooms-stay-apart`,
        `Move what is shared into src/${wing}/${doors[0]}.ts or down into base/`,
        { path: `^src/${wing}/([^/]+)/` },
        { path: `^src/${wing}/`, pathNot: [`^src/${wing}/$1/`, `^src/${wing}/(${doors.join('|')})[.]ts$`] },
      ),
    ),
    ...Object.entries(homes).flatMap(oneHome),
    ban(
      'apollo-gateway-loads-late',
      'About 200 packages: import() it where it is used',
      { path: '^src/' },
      { path: library('@apollo/gateway'), dynamic: false },
    ),
    ban(
      'engine-sees-only-the-contract',
      'The engine is handed SubgraphClients; it never builds or names a transport',
      { path: '^src/engine/' },
      { path: '^src/upstream/', pathNot: '^src/upstream/SubgraphClient[.]ts$' },
    ),
    ban('no-circular', 'Two files that import each other are one file, or three', {}, { circular: true }),
    ban(
      'nobody-imports-the-front-door',
      'src/index.ts and src/testing/index.ts are for users',
      { path: '^src/.+/' },
      { path: '^src/(testing/(vitest|jest)|(testing/)?index)[.]ts$' },
    ),
    ban(
      'src-stands-alone',
      'Helpers for users live in src/testing; the demo and the tests are not part of the package',
      { path: '^src/' },
      { path: '^(test|subgraphs|bench|scripts|examples)/' },
    ),
    ban(
      'no-dev-dependencies',
      'What src imports must be installed with the package',
      { path: '^src/' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'npm-optional', 'npm-peer', 'type-only'] },
    ),
    ban(
      'every-import-resolves',
      'The file or package does not exist',
      { path: '^src/' },
      // Types only: there is nothing to run, so there is no file to find. The compiler checks it.
      { couldNotResolve: true, pathNot: '^@apollo/server-gateway-interface$' },
    ),
    {
      name: 'no-orphans',
      severity: 'warn',
      comment: 'Nothing imports this file, and it imports nothing',
      from: { path: '^src/', pathNot: '[.]d[.]ts$', orphan: true },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '[.](md|json|graphql)$' },
  },
};

// For scripts/checkWalls.ts: a folder that has no place in the table is an error too.
Object.defineProperty(module.exports, 'places', { enumerable: false, value: { wings, ordered } });
