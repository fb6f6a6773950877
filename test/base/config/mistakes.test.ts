import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { formatProblem } from '../../../src/base/config/ConfigProblem.js';
import { configSchema } from '../../../src/base/config/configSchema.js';
import { loadConfig } from '../../../src/base/config/loadConfig.js';

const SECTIONS = Object.keys(configSchema.shape).join(', ');
const SG = 'supergraph: { file: supergraph.graphql }\n';
const LIST = 'supergraph:\n  subgraphs:\n    accounts: { routing_url: http://a/, schema: { sdl: "type Query" } }\n';
const ENVIRONMENT = { PORT: '4001', EMPTY: '', WORD: 'many', SECRET: 'hunter2', LINES: 'a: 1\nb: 2' };

/** One row per mistake: its name, the file, and every message that it must give. */
const MISTAKES: ReadonlyArray<readonly [name: string, yaml: string, ...messages: string[]]> = [
  // The file as a whole.
  [
    'empty file',
    '',
    'p.yaml:1:1: supergraph is missing: it must be a map with keys out of file, config, federation_version, subgraphs, poll_interval',
  ],
  ['a list', '- a\n', 'p.yaml:1:1: must be a map with keys out of {sections}, got a list'],
  ['a text', 'hello\n', 'p.yaml:1:1: must be a map with keys out of {sections}, got "hello"'],
  // Bad YAML.
  [
    'tab as indentation',
    'server:\n\tport: 1\n',
    'p.yaml:2:1: is not valid YAML: Tabs are not allowed as indentation (indent with spaces)',
  ],
  [
    'unclosed list',
    'cors: [\nserver: {}\n',
    'p.yaml:2:1: is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  ['unclosed quote', 'server:\n  host: "abc\n', 'p.yaml:3:1: is not valid YAML: Missing closing "quote'],
  [
    'value after value',
    `${SG}server: a: b\n`,
    'p.yaml:2:9: is not valid YAML: Nested mappings are not allowed in compact mappings',
  ],
  ['two documents', `${SG}---\n${SG}`, 'p.yaml:2:1: has more than one YAML document'],
  [
    'same key twice',
    `${SG}limits:\n  max_depth: 3\n  max_depth: 4\n`,
    'p.yaml:4:3: limits.max_depth is there twice (the first is in line 3)',
  ],
  [
    'same section twice',
    `${SG}limits: {}\nserver: {}\nlimits: {}\n`,
    'p.yaml:4:1: limits is there twice (the first is in line 2)',
  ],
  ['alias to nothing', `${SG}server:\n  host: *nowhere\n`, 'p.yaml:3:9: server.host has an alias to nothing: *nowhere'],
  [
    'merge key',
    `${SG}server:\n  <<: { port: 1 }\n`,
    'p.yaml:3:3: server has a merge key (<<), which is not part of YAML 1.2',
  ],
  [
    'key of the prototype',
    `${SG}errors:\n  subgraphs:\n    __proto__: { mask: false }\n`,
    'p.yaml:4:5: errors.subgraphs.__proto__ cannot be a key',
  ],
  // How much.
  [
    'points without prices',
    `${SG}rate_limit:\n  policies:\n    - { name: points, max: 9, window: 1m, counts: cost }\n`,
    'p.yaml:4:51: rate_limit.policies[0].counts is cost, and nothing tells what operations cost: set demand_control.enabled to true',
  ],
  [
    'points of fields',
    `${SG}demand_control: { enabled: true }\nrate_limit: { policies: [{ name: a, max: 9, window: 1m, fields: [A.b], counts: cost }] }\n`,
    'p.yaml:3:80: rate_limit.policies[0].counts is cost, which whole operations have: leave fields out',
  ],
  [
    'points at a price',
    `${SG}demand_control: { enabled: true }\nrate_limit: { policies: [{ name: a, max: 9, window: 1m, cost: 2, counts: cost }] }\n`,
    'p.yaml:3:63: rate_limit.policies[0].cost contradicts counts: cost, by which an operation takes what it costs',
  ],
  [
    'an unknown mode of demand control',
    `${SG}demand_control: { enabled: true, mode: refuse }\n`,
    'p.yaml:2:40: demand_control.mode must be one of measure, enforce, got "refuse"',
  ],
  [
    'a budget of nobody',
    `${LIST}demand_control: { strategy: { static_estimated: { subgraph: { subgraphs: { acounts: { max: 1 } } } } } }\n`,
    'p.yaml:4:76: demand_control.strategy.static_estimated.subgraph.subgraphs.acounts names a subgraph that is not in the supergraph (did you mean accounts?)',
  ],
  [
    'a negative cost',
    `${SG}demand_control: { strategy: { static_estimated: { max: -1 } } }\n`,
    'p.yaml:2:56: demand_control.strategy.static_estimated.max must be a whole number from 0 to 9007199254740991, got -1',
  ],
  // Who is asking.
  [
    'nobody checks what is required',
    `${SG}authentication: { require: true }\n`,
    'p.yaml:2:28: authentication.require is true, and nothing says how credentials are checked: every request would be refused (add jwt, introspection, api_keys, external or trusted_headers)',
  ],
  [
    'HS256 with a public key',
    `${SG}authentication:\n  jwt:\n    jwks:\n      - { url: "https://a.example/jwks", algorithms: [RS256, HS256] }\n`,
    'p.yaml:5:62: authentication.jwt.jwks[0].algorithms[1] is HS256, which needs a secret: with a public key anybody could sign',
  ],
  [
    'a public key algorithm with a secret',
    `${SG}authentication: { jwt: { jwks: [{ secret: "0123456789abcdef0123456789abcdef", algorithms: [RS256] }] } }\n`,
    'p.yaml:2:92: authentication.jwt.jwks[0].algorithms[0] is RS256, which needs a public key, not a secret',
  ],
  [
    'a short secret, and its value is not told',
    `${SG}authentication: { jwt: { jwks: [{ secret: "\${SECRET}" }] } }\n`,
    'p.yaml:2:43: authentication.jwt.jwks[0].secret must be a text of at least 32 characters, got the value of ${SECRET}',
  ],
  [
    'a private key to check tokens with',
    `${SG}authentication: { jwt: { jwks: [{ key: "-----BEGIN PRIVATE KEY-----" }] } }\n`,
    'p.yaml:2:40: authentication.jwt.jwks[0].key is a private key: whoever checks tokens needs the public one only',
  ],
  [
    'a text that is no key to check tokens with',
    `${SG}authentication: { jwt: { jwks: [{ key: "./public.pem" }] } }\n`,
    'p.yaml:2:40: authentication.jwt.jwks[0].key is neither a PEM nor a JWK of a public key',
  ],
  [
    'keys from nowhere, and from two places',
    `${SG}authentication:\n  jwt:\n    jwks:\n      - { issuers: [a] }\n      - { issuers: [b], url: "https://a.example/", key: k }\n`,
    'p.yaml:5:9: authentication.jwt.jwks[0] needs exactly one of url, file, key and secret, and has none',
    'p.yaml:6:9: authentication.jwt.jwks[1] needs exactly one of url, file, key and secret, but has url and key',
  ],
  [
    'two key sets, one of nobody',
    `${SG}authentication:\n  jwt:\n    jwks:\n      - { issuers: [a], url: "https://a.example/" }\n      - { url: "https://b.example/" }\n`,
    'p.yaml:6:9: authentication.jwt.jwks[1].issuers is missing: with several key sets each must say whose it is',
  ],
  [
    'one issuer with two key sets',
    `${SG}authentication:\n  jwt:\n    jwks:\n      - { issuers: [a], url: "https://a.example/" }\n      - { issuers: [a], url: "https://b.example/" }\n`,
    'p.yaml:6:21: authentication.jwt.jwks[1].issuers[0] is listed already, in authentication.jwt.jwks[0]',
  ],
  [
    'one header for two credentials',
    `${SG}authentication:\n  jwt: { jwks: [{ url: "https://a.example/" }] }\n  external: { url: "http://a/", credential_headers: [Authorization] }\n`,
    'p.yaml:4:54: authentication.external.credential_headers[0] reads the header authorization, which authentication.sources reads already: one credential would be judged twice',
  ],
  [
    'API keys in two stores',
    `${SG}authentication:\n  api_keys: { pepper: "0123456789abcdef0123456789abcdef", file: keys.json, redis: { url: "redis://a" } }\n`,
    'p.yaml:3:13: authentication.api_keys needs exactly one of file and redis, but has both',
  ],
  [
    'trusted headers of nobody',
    `${SG}authentication: { trusted_headers: { subject: x-user } }\n`,
    'p.yaml:2:36: authentication.trusted_headers believes nobody while server.trusted_proxies is empty',
  ],
  [
    'a network that is none',
    `${SG}server: { trusted_proxies: [10.0.0.0/33, example.com] }\n`,
    'p.yaml:2:29: server.trusted_proxies[0] must be an IP address or a network (10.0.0.0/8, fd00::/8), got "10.0.0.0/33"',
    'p.yaml:2:42: server.trusted_proxies[1] must be an IP address or a network (10.0.0.0/8, fd00::/8), got "example.com"',
  ],
  [
    'a token that nobody signs',
    `${SG}headers: { all: { request: [{ insert: { name: x-token, from_identity: token } }] } }\n`,
    'p.yaml:2:71: headers.all.request[0].insert.from_identity is token, and authentication.identity_token does not say how to sign one',
  ],
  [
    'keys published where GraphQL is',
    `${SG}authentication: { identity_token: { key: k, jwks_path: /graphql } }\n`,
    'p.yaml:2:56: authentication.identity_token.jwks_path is /graphql, where something else is served',
  ],
  [
    'an insert of nothing, and of two things',
    `${SG}headers: { all: { request: [{ insert: { name: x-a } }, { insert: { name: x-b, value: b, from_claim: c } }] } }\n`,
    'p.yaml:2:39: headers.all.request[0].insert needs exactly one of value, from_claim and from_identity, and has none',
    'p.yaml:2:66: headers.all.request[1].insert needs exactly one of value, from_claim and from_identity, but has value and from_claim',
  ],
  // Unknown keys.
  ['unknown section', `${SG}sever: { port: 1 }\n`, 'p.yaml:2:1: sever is not a setting (did you mean server?)'],
  [
    'misspelt key',
    `${SG}traffic_shaping:\n  all:\n    timout: 3s\n`,
    'p.yaml:4:5: traffic_shaping.all.timout is not a setting (did you mean timeout?)',
  ],
  [
    'camelCase in YAML',
    `${SG}limits:\n  maxDepth: 3\n`,
    'p.yaml:3:3: limits.maxDepth is not a setting (did you mean max_depth?)',
  ],
  ['hyphens', `${SG}query-planner: {}\n`, 'p.yaml:2:1: query-planner is not a setting (did you mean query_planner?)'],
  [
    "Router's name",
    `${SG}limits:\n  http_max_request_bytes: 2000000\n`,
    'p.yaml:3:3: limits.http_max_request_bytes is not a setting (it is called server.max_request_body_size here)',
  ],
  [
    "Router's override",
    `${SG}override_subgraph_url:\n  accounts: http://a/\n`,
    'p.yaml:2:1: override_subgraph_url is not a setting (write subgraphs.<name>.url)',
  ],
  [
    "Router's regular expressions",
    `${SG}cors:\n  policies:\n    - origins: [https://a.example]\n      match_origins: [".*"]\n`,
    'p.yaml:5:7: cors.policies[0].match_origins is not a setting (write origins such as https://*.example.com)',
  ],
  ["Hive's name", `${SG}supergraph_: 1\n`, 'p.yaml:2:1: supergraph_ is not a setting (did you mean supergraph?)'],
  [
    'nothing near',
    `${SG}csrf:\n  zzzzzz: 1\n`,
    'p.yaml:3:3: csrf.zzzzzz is not a setting (known here: enabled, required_headers)',
  ],
  [
    'unknown kind of rule',
    `${SG}headers:\n  all:\n    request:\n      - rename: { from: a }\n`,
    'p.yaml:5:9: headers.all.request[0].rename is not a setting (known here: propagate, insert, remove)',
  ],
  // Units.
  [
    'duration without a unit',
    `${SG}traffic_shaping: { router: { timeout: 30 } }\n`,
    'p.yaml:2:39: traffic_shaping.router.timeout must be a duration with a unit (ms, s, m, h or d) from 10ms to 10m, got 30 (write "30s" or "30ms")',
  ],
  [
    'duration without a unit, quoted',
    `${SG}shutdown: { delay: "5" }\n`,
    'p.yaml:2:20: shutdown.delay must be a duration with a unit (ms, s, m, h or d) from 0s to 5m, got "5" (write "5s" or "5ms")',
  ],
  [
    'unknown unit',
    `${SG}shutdown: { delay: 5 sec }\n`,
    'p.yaml:2:20: shutdown.delay must be a duration with a unit (ms, s, m, h or d) from 0s to 5m, got "5 sec"',
  ],
  [
    'size for a duration',
    `${SG}shutdown: { delay: 2MB }\n`,
    'p.yaml:2:20: shutdown.delay must be a duration with a unit (ms, s, m, h or d) from 0s to 5m, got "2MB"',
  ],
  [
    'size without a unit',
    `${SG}server: { max_request_body_size: 2000000 }\n`,
    'p.yaml:2:34: server.max_request_body_size must be a size with a unit (B, KB, KiB, MB, MiB, GB or GiB) from 1KB to 100MB, got 2000000 (write "2000000B", or a number of KB, KiB, MB …)',
  ],
  [
    'size in bits',
    `${SG}server: { max_header_size: 16kb }\n`,
    'p.yaml:2:28: server.max_header_size must be a size with a unit (B, KB, KiB, MB, MiB, GB or GiB) from 1KiB to 1MiB, got "16kb"',
  ],
  [
    'size out of bounds',
    `${SG}server: { max_request_body_size: 1GB }\n`,
    'p.yaml:2:34: server.max_request_body_size must be a size with a unit (B, KB, KiB, MB, MiB, GB or GiB) from 1KB to 100MB, got "1GB"',
  ],
  [
    'negative duration',
    `${SG}shutdown: { delay: -1s }\n`,
    'p.yaml:2:20: shutdown.delay must be a duration with a unit (ms, s, m, h or d) from 0s to 5m, got "-1s"',
  ],
  [
    'no time at all',
    `${SG}traffic_shaping: { all: { timeout: 0s } }\n`,
    'p.yaml:2:36: traffic_shaping.all.timeout must be a duration with a unit (ms, s, m, h or d) from 10ms to 10m, got "0s"',
  ],
  [
    'less than no time (TIME-08)',
    `${SG}traffic_shaping: { subgraphs: { a: { timeout: -200ms } } }\n`,
    'p.yaml:2:47: traffic_shaping.subgraphs.a.timeout must be a duration with a unit (ms, s, m, h or d) from 10ms to 10m, got "-200ms"',
  ],
  [
    'one subgraph longer than the request (TIME-08)',
    `${SG}traffic_shaping: { router: { timeout: 8s }, subgraphs: { a: { timeout: 9s } } }\n`,
    'p.yaml:2:72: traffic_shaping.subgraphs.a.timeout is longer than traffic_shaping.router.timeout, which ends the whole request',
  ],
  // Wrong types and values.
  [
    'text for a number',
    `${SG}limits: { max_depth: deep }\n`,
    'p.yaml:2:22: limits.max_depth must be a whole number from 1 to 200, got "deep"',
  ],
  [
    'fraction',
    `${SG}server: { workers: 1.5 }\n`,
    'p.yaml:2:20: server.workers must be a whole number from 1 to 256, got 1.5',
  ],
  [
    'port out of range',
    `${SG}server: { port: 70000 }\n`,
    'p.yaml:2:17: server.port must be a whole number from 0 to 65535, got 70000',
  ],
  ['text for a boolean', `${SG}introspection: yes\n`, 'p.yaml:2:16: introspection must be true or false, got "yes"'],
  [
    'number for a boolean',
    `${SG}override_labels: { new: 1 }\n`,
    'p.yaml:2:25: override_labels.new must be true or false, got 1',
  ],
  [
    'wrong word',
    `${SG}telemetry: { logging: { level: warning } }\n`,
    'p.yaml:2:32: telemetry.logging.level must be one of debug, info, warn, error, silent, got "warning" (did you mean warn?)',
  ],
  [
    'wrong mode',
    `${SG}traffic_shaping: { all: { entity_batching: on } }\n`,
    'p.yaml:2:44: traffic_shaping.all.entity_batching must be one of alias, merge, off, got "on"',
  ],
  [
    'map for a list',
    `${SG}headers: { all: { request: { insert: { name: a, value: b } } } }\n`,
    'p.yaml:2:28: headers.all.request must be a list, got a map',
  ],
  [
    'nothing for a section',
    `${SG}server:\n`,
    'p.yaml:2:8: server must be a map with keys out of host, port, path, workers, header_timeout, request_timeout, keep_alive, max_request_body_size, max_header_size, trusted_proxies, forwarded_header, got nothing',
  ],
  [
    'path without a slash',
    `${SG}server: { path: graphql }\n`,
    'p.yaml:2:17: server.path must be a path that starts with / and is neither /health nor /ready, got "graphql"',
  ],
  [
    'path of the gateway itself',
    `${SG}server: { path: /health }\n`,
    'p.yaml:2:17: server.path must be a path that starts with / and is neither /health nor /ready, got "/health"',
  ],
  // URLs and files.
  [
    'URL without a scheme',
    `${SG}subgraphs: { accounts: { url: accounts:4001/graphql } }\n`,
    'p.yaml:2:31: subgraphs.accounts.url must be a URL that starts with http:// or https:// and has no user name or password, got "accounts:4001/graphql"',
  ],
  [
    'URL with a password',
    `${SG}subgraphs: { accounts: { url: "http://u:p@a/" } }\n`,
    'p.yaml:2:31: subgraphs.accounts.url must be a URL that starts with http:// or https:// and has no user name or password, got "http://u:p@a/"',
  ],
  [
    'URL of another protocol',
    `${SG}subgraphs: { accounts: { url: "ws://a/" } }\n`,
    'p.yaml:2:31: subgraphs.accounts.url must be a URL that starts with http:// or https:// and has no user name or password, got "ws://a/"',
  ],
  [
    'missing supergraph file',
    'supergraph: { file: nope.graphql }\n',
    'p.yaml:1:21: supergraph.file names a file that does not exist (looked for {folder}/nope.graphql)',
  ],
  [
    'folder for a file',
    'supergraph: { file: folder }\n',
    'p.yaml:1:21: supergraph.file is not a file (looked for {folder}/folder)',
  ],
  [
    'missing schema file',
    'supergraph:\n  subgraphs:\n    a: { routing_url: http://a/, schema: { file: a.graphql } }\n',
    'p.yaml:3:50: supergraph.subgraphs.a.schema.file names a file that does not exist (looked for {folder}/a.graphql)',
  ],
  [
    'warm-up file in no folder',
    `${SG}query_planner: { warmup: { file: no/where.json } }\n`,
    'p.yaml:2:34: query_planner.warmup.file is in a directory that does not exist (looked for {folder}/no/where.json)',
  ],
  // Variables.
  [
    'missing variable',
    `${SG}server: { host: "\${NOPE}" }\n`,
    'p.yaml:2:17: server.host needs the environment variable NOPE, which is not set (or write ${NOPE:-default})',
  ],
  [
    'variable of the wrong type',
    `${SG}server: { port: "\${WORD}" }\n`,
    'p.yaml:2:17: server.port must be a whole number from 0 to 65535, got the value of ${WORD}',
  ],
  [
    'secret of the wrong form is not shown',
    `${SG}telemetry: { logging: { level: "\${SECRET}" } }\n`,
    'p.yaml:2:32: telemetry.logging.level must be one of debug, info, warn, error, silent, got the value of ${SECRET}',
  ],
  [
    'a variable never becomes structure',
    `${SG}limits: "\${LINES}"\n`,
    'p.yaml:2:9: limits must be a map with keys out of max_depth, max_aliases, max_root_fields, max_directives, max_height, max_list_size, max_selections, parser_max_tokens, parser_max_characters, introspection_max_depth, warn_only, got the value of ${LINES}',
  ],
  [
    'missing file of a secret',
    `${SG}headers: { all: { request: [{ insert: { name: a, value: "\${file:key.txt}" } }] } }\n`,
    'p.yaml:2:57: headers.all.request[0].insert.value needs the file key.txt, which does not exist (looked for {folder}/key.txt)',
  ],
  [
    'unknown expression',
    `${SG}server: { host: "\${HOST:name}" }\n`,
    'p.yaml:2:17: server.host has an expression that is not known: ${HOST:name} (write ${VAR}, ${VAR:-default} or ${file:path}, and $${ for the characters themselves)',
  ],
  ['unclosed expression', `${SG}server: { host: "\${HOST" }\n`, 'p.yaml:2:17: server.host has no } after ${HOST'],
  // Contradictions.
  ['no source', 'supergraph: {}\n', 'p.yaml:1:13: supergraph needs one of file, config and subgraphs, and has none'],
  [
    'two sources',
    `${LIST}  file: supergraph.graphql\n`,
    'p.yaml:2:3: supergraph says in two ways where the supergraph comes from: file and subgraphs',
  ],
  [
    'polling a file',
    'supergraph: { file: supergraph.graphql, poll_interval: 10s }\n',
    'p.yaml:1:56: supergraph.poll_interval has no effect on a supergraph in a file, which is watched',
  ],
  [
    'polling nobody',
    `${LIST}  poll_interval: 10s\n`,
    'p.yaml:4:18: supergraph.poll_interval has no effect: no subgraph has a schema.subgraph_url',
  ],
  [
    'schema from two places',
    'supergraph:\n  subgraphs:\n    a: { schema: { sdl: x, subgraph_url: http://a/ } }\n',
    'p.yaml:3:18: supergraph.subgraphs.a.schema needs exactly one of file, subgraph_url, module and sdl, but has subgraph_url and sdl',
  ],
  [
    'subgraph that is nowhere',
    'supergraph:\n  subgraphs:\n    a: { schema: { sdl: x } }\n',
    'p.yaml:3:5: supergraph.subgraphs.a.routing_url is missing: nobody says where the subgraph is called',
  ],
  [
    'subgraph longer than the request',
    `${SG}traffic_shaping: { router: { timeout: 2s }, all: { timeout: 5s } }\n`,
    'p.yaml:2:61: traffic_shaping.all.timeout is longer than traffic_shaping.router.timeout, which ends the whole request',
  ],
  [
    'a setting by both of its names',
    `${SG}traffic_shaping:\n  all:\n    circuit_breaker: { reset_timeout: 4s, resetTimeout: 3s }\n`,
    'p.yaml:4:57: traffic_shaping.all.circuit_breaker.resetTimeout says the same as reset_timeout, which is set too (leave resetTimeout out)',
  ],
  [
    'probes that can never be enough',
    `${SG}traffic_shaping:\n  subgraphs:\n    a:\n      circuit_breaker: { required_successes: 5 }\n`,
    'p.yaml:5:46: traffic_shaping.subgraphs.a.circuit_breaker.required_successes asks for 5 successes of 3 probes (half_open_attempts must be at least required_successes)',
  ],
  [
    'more probes than places',
    `${SG}traffic_shaping:\n  all:\n    concurrency: { max: 2 }\n    circuit_breaker: { half_open_attempts: 4 }\n`,
    'p.yaml:5:44: traffic_shaping.all.circuit_breaker.half_open_attempts is more than concurrency.max, which is 2 (at most 2)',
  ],
  [
    'retries without time for a pause',
    `${SG}traffic_shaping:\n  all:\n    retry: { interval: 2s, max_duration: 1s }\n`,
    'p.yaml:4:42: traffic_shaping.all.retry.max_duration leaves no time for the first pause (max_duration must be longer than interval)',
  ],
  [
    'an attempt longer than the call',
    `${SG}traffic_shaping:\n  all:\n    retry: { attempt_timeout: 5s }\n`,
    'p.yaml:4:31: traffic_shaping.all.retry.attempt_timeout is longer than the timeout of the whole call (make it shorter, or leave it out)',
  ],
  [
    'a negative number of places',
    `${SG}traffic_shaping:\n  all:\n    concurrency: { max: -1 }\n`,
    'p.yaml:4:25: traffic_shaping.all.concurrency.max must be a whole number from 1 to 100000, got -1',
  ],
  [
    'no HTTP status',
    `${SG}traffic_shaping:\n  all:\n    retry: { status_codes: [503, 7xx] }\n`,
    'p.yaml:4:34: traffic_shaping.all.retry.status_codes[1] must be an HTTP status from 400 to 599 or a class of them (4xx, 5xx), got "7xx"',
  ],
  [
    'connecting longer than calling',
    `${SG}traffic_shaping: { subgraphs: { a: { timeout: 500ms, connect_timeout: 600ms } } }\n`,
    'p.yaml:2:71: traffic_shaping.subgraphs.a.connect_timeout is longer than the timeout of the whole call',
  ],
  [
    'head longer than the request',
    `${SG}server: { header_timeout: 1m }\n`,
    'p.yaml:2:27: server.header_timeout is longer than server.request_timeout, which covers the head too',
  ],
  [
    'credentials for everybody',
    `${SG}cors: { policies: [{ origins: ["*"], allow_credentials: true }] }\n`,
    'p.yaml:2:57: cors.policies[0].allow_credentials cannot be true for origin *: any page could act in the name of your users (list the origins)',
  ],
  [
    'everybody and somebody',
    `${SG}cors: { policies: [{ origins: ["*", https://a.example] }] }\n`,
    'p.yaml:2:31: cors.policies[0].origins has * and other origins: * covers them all',
  ],
  [
    'origin in two policies',
    `${SG}cors: { policies: [{ origins: [https://a.example] }, { origins: [https://A.example] }] }\n`,
    'p.yaml:2:66: cors.policies[1].origins[0] is listed already, in cors.policies[0]',
  ],
  [
    'origin with a path',
    `${SG}cors: { policies: [{ origins: [https://a.example/shop] }] }\n`,
    'p.yaml:2:32: cors.policies[0].origins[0] must be an origin: scheme://host, with :port if it is not the usual one, without a path (https://*.example.com stands for all hosts below example.com), got "https://a.example/shop"',
  ],
  [
    'null origin',
    `${SG}cors: { policies: [{ origins: ["null"] }] }\n`,
    'p.yaml:2:32: cors.policies[0].origins[0] must be an origin: scheme://host, with :port if it is not the usual one, without a path (https://*.example.com stands for all hosts below example.com), got "null"',
  ],
  [
    'headers of a guard that is off',
    `${SG}csrf: { enabled: false, required_headers: [x-a] }\n`,
    'p.yaml:2:43: csrf.required_headers has no effect while csrf.enabled is false',
  ],
  [
    'warm-up of nothing',
    `${SG}query_planner: { warmup: { operations: 0, file: w.json } }\n`,
    'p.yaml:2:49: query_planner.warmup.file has no effect while query_planner.warmup.operations is 0',
  ],
  [
    'examples of no page',
    `${SG}playground: { examples: supergraph.graphql }\n`,
    'p.yaml:2:25: playground.examples has no effect while playground.enabled is false',
  ],
  [
    'identities of no page',
    `${SG}playground: { identities: [{ name: a, headers: { b: c } }] }\n`,
    'p.yaml:2:27: playground.identities has no effect while playground.enabled is false',
  ],
  [
    'two identities of one name',
    `${SG}playground: { enabled: true, identities: [{ name: a, headers: {} }, { name: a, headers: {} }] }\n`,
    'p.yaml:2:77: playground.identities[1].name is the name of another identity already',
  ],
  // Header rules.
  [
    'rule of two kinds',
    `${SG}headers: { all: { request: [{ insert: { name: a, value: b }, remove: { named: a } }] } }\n`,
    'p.yaml:2:29: headers.all.request[0] needs exactly one of propagate, insert and remove, but has insert and remove',
  ],
  [
    'named and matching',
    `${SG}headers: { all: { request: [{ propagate: { named: a, matching: b } }] } }\n`,
    'p.yaml:2:42: headers.all.request[0].propagate needs exactly one of named and matching, but has named and matching',
  ],
  [
    'rename of many',
    `${SG}headers: { all: { request: [{ propagate: { matching: "a.*", rename: b } }] } }\n`,
    'p.yaml:2:69: headers.all.request[0].propagate.rename can be used with named, not with matching',
  ],
  [
    'header of the connection',
    `${SG}headers: { all: { request: [{ propagate: { named: Transfer-Encoding } }] } }\n`,
    'p.yaml:2:51: headers.all.request[0].propagate.named must be the name of a header that may be forwarded: not one of the connection (host, connection, te …), not one that the gateway sets (accept, content-type, x-request-id …), got "Transfer-Encoding"',
  ],
  [
    'headers of answers that only the gateway can know',
    `${SG}headers: { all: { response: [{ propagate: { named: Cache-Control } }, { insert: { name: a, value: b, algorithm: most } }] } }\n`,
    'p.yaml:2:52: headers.all.response[0].propagate.named must be the name of a header that a subgraph may set: not one of the connection (host, connection, te …), not one that only the gateway can know (cache-control, etag, access-control-allow-origin, x-request-id …), got "Cache-Control"',
    'p.yaml:2:113: headers.all.response[1].insert.algorithm must be one of first, last, append, got "most"',
  ],
  [
    'cookies that are no cookies',
    `${SG}headers:\n  all:\n    response:\n      - propagate: { named: Set-Cookie, rename: x-a, algorithm: first }\n      - propagate: { named: x-a, rename: set-cookie }\n      - insert: { name: Set-Cookie, value: a=1 }\n`,
    'p.yaml:5:49: headers.all.response[0].propagate.rename cannot be used with set-cookie: cookies are handed on as they are',
    'p.yaml:5:65: headers.all.response[0].propagate.algorithm cannot be first for set-cookie: all cookies are handed on',
    'p.yaml:6:42: headers.all.response[1].propagate.rename cannot be set-cookie: what is no cookie does not become one',
    'p.yaml:7:25: headers.all.response[2].insert.name must be the name of a header that a subgraph may set, and not set-cookie: cookies come from subgraphs, got "Set-Cookie"',
  ],
  [
    'a list of what can be there once',
    `${SG}headers: { subgraphs: { a: { response: [{ propagate: { named: Location, algorithm: append } }] } } }\n`,
    'p.yaml:2:84: headers.subgraphs.a.response[0].propagate.algorithm cannot be append for location, of which an answer has one: use first or last',
  ],
  [
    'fallbacks that say nothing',
    `${SG}fallback:\n  coordinates:\n    Product.price: {}\n  subgraphs:\n    reviews: { on: [TIMEOUT] }\n`,
    'p.yaml:4:20: fallback.coordinates["Product.price"] says nothing that could stand in: give it max_stale, field or value',
    'p.yaml:6:14: fallback.subgraphs.reviews says nothing that could stand in: give it url or max_stale',
  ],
  [
    'fallbacks for what never happens',
    `${SG}fallback: { coordinates: { Product.price: { value: 0, on: [SOMETIMES] } } }\n`,
    'p.yaml:2:60: fallback.coordinates["Product.price"].on[0] must be one of CIRCUIT_OPEN, TIMEOUT, ERROR, got "SOMETIMES"',
  ],
  [
    'an age without a unit, a field that is no name, a place that is no URL',
    `${SG}fallback:\n  coordinates: { Product.price: { max_stale: 5, field: a.b } }\n  subgraphs: { reviews: { url: reviews } }\n`,
    'p.yaml:3:46: fallback.coordinates["Product.price"].max_stale must be a duration with a unit (ms, s, m, h or d) from 1s to 7d, got 5 (write "5s" or "5ms")',
    'p.yaml:3:56: fallback.coordinates["Product.price"].field must be the name of a field, got "a.b"',
    'p.yaml:4:32: fallback.subgraphs.reviews.url must be a URL that starts with http:// or https:// and has no user name or password, got "reviews"',
  ],
  [
    'overload at nothing',
    `${SG}overload: { max_in_flight: 0, max_event_loop_lag: 5, max_heap_percent: 120 }\n`,
    'p.yaml:2:28: overload.max_in_flight must be a whole number from 1 to 100000, got 0',
    'p.yaml:2:51: overload.max_event_loop_lag must be a duration with a unit (ms, s, m, h or d) from 10ms to 1m, got 5 (write "5s" or "5ms")',
    'p.yaml:2:72: overload.max_heap_percent must be a whole number from 10 to 100, got 120',
  ],
  [
    'value that splits headers',
    `${SG}headers: { all: { request: [{ insert: { name: a, value: "b\\r\\nc: d" } }] } }\n`,
    'p.yaml:2:57: headers.all.request[0].insert.value must be a header value: visible ASCII characters, spaces only inside, got "b\\r\\nc: d"',
  ],
  [
    'bad regular expression',
    `${SG}headers: { all: { request: [{ remove: { matching: "a(" } }] } }\n`,
    'p.yaml:2:51: headers.all.request[0].remove.matching must be a regular expression of at most 200 characters, got "a("',
  ],
  [
    'value without a name',
    `${SG}headers: { all: { request: [{ insert: { value: b } }] } }\n`,
    'p.yaml:2:31: headers.all.request[0].insert.name is missing: it must be the name of a header that may be forwarded: not one of the connection (host, connection, te …), not one that the gateway sets (accept, content-type, x-request-id …)',
  ],
  [
    'status from a subgraph',
    `${SG}errors: { allow_extensions: [http] }\n`,
    'p.yaml:2:30: errors.allow_extensions[0] must be the name of an extension; http never passes, it would set the status of the whole answer, got "http"',
  ],
  // Rate limits.
  [
    'limit without a window',
    `${SG}rate_limit: { policies: [{ name: a, max: 5 }] }\n`,
    'p.yaml:2:26: rate_limit.policies[0] needs exactly one of window and calendar, and has none',
  ],
  [
    'limit of two kinds of things',
    `${SG}rate_limit: { policies: [{ name: a, max: 5, window: 1m, fields: [Query.a], operations: [B] }] }\n`,
    'p.yaml:2:88: rate_limit.policies[0].operations cannot stand beside fields: write two policies',
  ],
  [
    'limit that nothing can pass',
    `${SG}rate_limit: { policies: [{ name: a, max: 5, window: 1m, cost: 6 }] }\n`,
    'p.yaml:2:63: rate_limit.policies[0].cost is more than max: nothing could ever pass',
  ],
  [
    'burst of a window',
    `${SG}rate_limit: { policies: [{ name: a, max: 5, window: 1m, burst: 6 }] }\n`,
    'p.yaml:2:64: rate_limit.policies[0].burst is for token_bucket only',
  ],
  [
    'limit by something else',
    `${SG}rate_limit: { policies: [{ name: a, max: 5, window: 1m, by: [user] }] }\n`,
    'p.yaml:2:62: rate_limit.policies[0].by[0] must be one of identity, ip, tenant, plan, header:NAME, claim:NAME, got "user"',
  ],
  [
    'two limits of one name',
    `${SG}rate_limit:\n  policies:\n    - { name: a, max: 5, window: 1m }\n    - { name: a, max: 6, window: 1h }\n`,
    'p.yaml:5:15: rate_limit.policies[1].name is used twice: a is another policy already',
  ],
  [
    'Redis without an address',
    `${SG}rate_limit: { storage: { type: redis } }\n`,
    'p.yaml:2:24: rate_limit.storage needs urls for type: redis',
  ],
  [
    'memory with an address',
    `${SG}rate_limit: { storage: { urls: [redis://a] } }\n`,
    'p.yaml:2:32: rate_limit.storage.urls is for type: redis',
  ],
  [
    'plan with a limit and none',
    `${SG}rate_limit: { policies: [{ name: a, max: 5, window: 1m, plans: { pro: { unlimited: true, max: 9 } } }] }\n`,
    'p.yaml:2:84: rate_limit.policies[0].plans.pro.unlimited contradicts max and burst: leave one out',
  ],
  [
    'ceiling without an interval',
    `${SG}traffic_shaping: { subgraphs: { a: { global_rate_limit: { capacity: 5 } } } }\n`,
    'p.yaml:2:57: traffic_shaping.subgraphs.a.global_rate_limit needs interval',
  ],
  // Endpoints, balancing, TLS.
  [
    'url and urls',
    `${SG}subgraphs: { a: { url: http://a/, urls: [{ url: http://b/ }] } }\n`,
    'p.yaml:2:41: subgraphs.a.urls and url both say where the subgraph is: leave one out',
  ],
  [
    'an endpoint as a text',
    `${SG}subgraphs: { a: { urls: [http://b/] } }\n`,
    'p.yaml:2:26: subgraphs.a.urls[0] must be a map with keys out of url, weight, group, got "http://b/"',
  ],
  [
    'an endpoint twice',
    `${SG}subgraphs: { a: { urls: [{ url: http://b/ }, { url: http://b/ }] } }\n`,
    'p.yaml:2:53: subgraphs.a.urls[1].url is there twice: give urls[0] more weight instead',
  ],
  [
    'an endpoint without weight',
    `${SG}subgraphs: { a: { urls: [{ url: http://b/, weight: 0 }] } }\n`,
    'p.yaml:2:52: subgraphs.a.urls[0].weight must be a whole number from 1 to 1000, got 0',
  ],
  [
    'a rule for a group that is not there',
    `${SG}subgraphs: { a: { urls: [{ url: http://b/ }], routing: [{ group: canary }] } }\n`,
    'p.yaml:2:66: subgraphs.a.routing[0].group names a group that no endpoint of urls is in',
  ],
  [
    'a group that no rule names',
    `${SG}subgraphs: { a: { urls: [{ url: http://b/ }, { url: http://c/, group: canary }] } }\n`,
    'p.yaml:2:71: subgraphs.a.urls[1].group gets no calls: no rule of routing names this group',
  ],
  [
    'no endpoint for all other calls',
    `${SG}subgraphs: { a: { urls: [{ url: http://c/, group: canary }], routing: [{ group: canary }] } }\n`,
    'p.yaml:2:25: subgraphs.a.urls has no endpoint in the group default, where all other calls go',
  ],
  [
    'routing without urls',
    `${SG}subgraphs: { a: { url: http://b/, routing: [{ group: default }] } }\n`,
    'p.yaml:2:44: subgraphs.a.routing needs urls: there is nothing to choose from',
  ],
  [
    'a rule that says nothing',
    `${SG}subgraphs: { a: { urls: [{ url: http://b/ }], routing: [{ match: {}, group: default }] } }\n`,
    'p.yaml:2:66: subgraphs.a.routing[0].match must be a map with at least one of header, cookie, claim, operations, path, query, got a map',
  ],
  [
    'more than all of the requests',
    `${SG}subgraphs: { a: { urls: [{ url: http://b/ }, { url: http://c/, group: c }], routing: [{ split: { default: 60, c: 50 } }] } }\n`,
    'p.yaml:2:96: subgraphs.a.routing[0].split adds up to 110 percent',
  ],
  [
    'a rule with a group and a split',
    `${SG}subgraphs: { a: { urls: [{ url: http://b/ }], routing: [{ group: default, split: { default: 5 } }] } }\n`,
    'p.yaml:2:57: subgraphs.a.routing[0] needs exactly one of group and split, and has both',
  ],
  [
    'a short secret',
    `${SG}subgraphs: { a: { hmac: { secret: "\${SECRET}" } } }\n`,
    'p.yaml:2:35: subgraphs.a.hmac.secret must be a secret of at least 16 characters, got the value of ${SECRET}',
  ],
  [
    'hash_on without hash',
    `${SG}traffic_shaping: { all: { load_balancing: { algorithm: round_robin, hash_on: { header: x } } } }\n`,
    'p.yaml:2:78: traffic_shaping.all.load_balancing.hash_on belongs to algorithm: hash',
  ],
  [
    'sticky by two things',
    `${SG}traffic_shaping: { all: { load_balancing: { sticky: { header: x, cookie: y } } } }\n`,
    'p.yaml:2:53: traffic_shaping.all.load_balancing.sticky needs exactly one of header and cookie, and has both',
  ],
  [
    'sticky and hash',
    `${SG}traffic_shaping: { all: { load_balancing: { algorithm: hash, sticky: { header: x } } } }\n`,
    'p.yaml:2:70: traffic_shaping.all.load_balancing.sticky and algorithm: hash both choose the endpoint of a client',
  ],
  [
    'an algorithm that is not there',
    `${SG}traffic_shaping: { all: { load_balancing: { algorithm: random } } }\n`,
    'p.yaml:2:56: traffic_shaping.all.load_balancing.algorithm must be one of round_robin, weighted, least_requests, hash, got "random"',
  ],
  [
    'a probe of a URL',
    `${SG}traffic_shaping: { all: { health_check: { path: "http://a/health" } } }\n`,
    'p.yaml:2:49: traffic_shaping.all.health_check.path must be a path that starts with / and has no spaces, got "http://a/health"',
  ],
  [
    'an ejection longer than the longest',
    `${SG}traffic_shaping: { all: { outlier_detection: { base_ejection_time: 10m, max_ejection_time: 5m } } }\n`,
    'p.yaml:2:92: traffic_shaping.all.outlier_detection.max_ejection_time is shorter than base_ejection_time',
  ],
  [
    'a certificate without its key',
    `${SG}tls: { client: { all: { certificate: supergraph.graphql } } }\n`,
    'p.yaml:2:38: tls.client.all.certificate needs key beside it',
  ],
  [
    'an authority that is not there',
    `${SG}tls: { client: { all: { ca: nowhere.pem } } }\n`,
    'p.yaml:2:29: tls.client.all.ca names a file that does not exist (looked for {folder}/nowhere.pem)',
  ],
  [
    'an address as the name of a server',
    `${SG}tls: { client: { subgraphs: { a: { server_name: 127.0.0.1 } } } }\n`,
    'p.yaml:2:49: tls.client.subgraphs.a.server_name must be the name of a host, got "127.0.0.1"',
  ],
  // Names of subgraphs.
  [
    'unknown subgraph',
    `${LIST}headers: { subgraphs: { acounts: {} } }\n`,
    'p.yaml:4:25: headers.subgraphs.acounts names a subgraph that is not in the supergraph (did you mean accounts?)',
  ],
  [
    'unknown subgraphs',
    `${LIST}errors: { subgraphs: { zzz: {} } }\ntraffic_shaping: { subgraphs: { yyy: {} } }\n`,
    'p.yaml:4:24: errors.subgraphs.zzz names a subgraph that is not in the supergraph (it has accounts)',
    'p.yaml:5:33: traffic_shaping.subgraphs.yyy names a subgraph that is not in the supergraph (it has accounts)',
  ],
  // A list in Rover's format.
  [
    'no such list',
    'supergraph: { config: nope.yaml }\n',
    'p.yaml:1:23: supergraph.config names a file that does not exist (looked for {folder}/nope.yaml)',
  ],
  [
    'mistake in the list',
    'supergraph: { config: list.yaml }\n',
    '{folder}/list.yaml:3:3: subgraphs.a.schema is missing: it must be a map with keys out of file, subgraph_url, module, sdl, introspection_headers',
    '{folder}/list.yaml:4:7: subgraphs.a.shema is not a setting (did you mean schema?)',
  ],
  // All at once.
  [
    'several',
    `${SG}sever: 1\nlimits: { max_depth: 0 }\nshutdown: { delay: 5 }\n`,
    'p.yaml:2:1: sever is not a setting (did you mean server?)',
    'p.yaml:3:22: limits.max_depth must be a whole number from 1 to 200, got 0',
    'p.yaml:4:20: shutdown.delay must be a duration with a unit (ms, s, m, h or d) from 0s to 5m, got 5 (write "5s" or "5ms")',
  ],
];

describe('configuration mistakes', () => {
  let folder: string;
  const home = process.cwd();
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portico-config-'));
    process.chdir(folder);
    folder = process.cwd();
    mkdirSync('folder');
    writeFileSync('supergraph.graphql', 'type Query { a: Int }');
    writeFileSync('list.yaml', 'federation_version: =2.3.2\nsubgraphs:\n  a:\n      shema: { sdl: x }\n');
  });
  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  test('are at least sixty here', () => {
    expect(MISTAKES.length).toBeGreaterThanOrEqual(60);
  });

  test.each(MISTAKES)('%s', (_name, yaml, ...messages) => {
    const { loaded, problems } = loadConfig({ file: 'p.yaml', text: yaml, environment: ENVIRONMENT });
    expect(loaded).toBeUndefined();
    expect(problems.map(formatProblem)).toEqual(
      messages.map((message) => message.replaceAll('{folder}', folder).replace('{sections}', SECTIONS)),
    );
  });

  test('a file that is not there', () => {
    const { problems } = loadConfig({ file: 'nowhere.yaml' });
    expect(problems.map(formatProblem)).toEqual(['nowhere.yaml: does not exist']);
  });

  test('of the command line name the flag', () => {
    const overrides = [{ flag: '--port', path: ['server', 'port'] as const, value: 70_000 }];
    const { problems } = loadConfig({ file: 'p.yaml', text: SG, overrides });
    expect(problems.map(formatProblem)).toEqual([
      '--port: server.port must be a whole number from 0 to 65535, got 70000',
    ]);
  });

  test('aliases that repeat themselves are not followed without end', () => {
    let yaml = `${SG}override_labels:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n`;
    for (let n = 1; n < 8; n++)
      yaml += `  a${n}: &a${n} [${Array(10)
        .fill(`*a${n - 1}`)
        .join(', ')}]\n`;
    const { problems } = loadConfig({ file: 'p.yaml', text: yaml });
    expect(problems.map(formatProblem).some((text) => text.includes('has too many values'))).toBe(true);
  });
});
