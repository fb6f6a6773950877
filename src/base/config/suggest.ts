/** How other gateways name what Portico names differently, by the last part of the path (Apollo Router, Hive, Cosmo). */
const ELSEWHERE: Readonly<Record<string, string>> = {
  allow_any_origin: 'write a policy in cors.policies with origins: ["*"]',
  allow_extensions_keys: 'it is called allow_extensions here',
  allow_origins: 'write a policy in cors.policies with origins',
  allow_methods: 'it is called methods here',
  cors_origins: 'write a policy in cors.policies with origins',
  deduplicate_query: 'it is called dedupe here',
  dial_timeout: 'it is called connect_timeout here',
  graphql_endpoint: 'it is called server.path here',
  graphql_path: 'it is called server.path here',
  graphref: 'schemas in GraphOS are not read: save it with `rover subgraph fetch` and write schema.file',
  grace: 'it is called shutdown.grace_period here',
  http: 'it is called server here',
  http_max_request_bytes: 'it is called server.max_request_body_size here',
  include_subgraph_errors: 'see errors.mask and errors.subgraphs',
  listen: 'write server.host and server.port',
  listen_addr: 'write server.host and server.port',
  log_level: 'it is called telemetry.logging.level here',
  match_origins: 'write origins such as https://*.example.com',
  max_tokens: 'it is called limits.parser_max_tokens here',
  override_subgraph_url: 'write subgraphs.<name>.url',
  override_subgraph_urls: 'write subgraphs.<name>.url',
  parser_max_recursion: 'depth is bounded by max_depth',
  polling_interval: 'it is called poll_interval here',
  redact_message: 'it is called mask here',
  shutdown_delay: 'it is called shutdown.delay here',
  unsafe_disabled: 'write enabled: false',
};

/** What to write instead of an unknown word: the name under which it is known here, or a known word that is almost it. */
export function suggestFor(
  word: string,
  known: readonly string[],
  inWords: (key: string) => string = (key) => key,
): string | undefined {
  const close = closest(word, known);
  if (close !== undefined) return `did you mean ${inWords(close)}?`;
  return Object.hasOwn(ELSEWHERE, word) ? ELSEWHERE[word] : undefined;
}

/** The known word with the fewest changes to `word`; undefined when none is near. Case and separators do not count. */
export function closest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 100) return undefined;
  const wanted = bare(word);
  let best: string | undefined;
  let least = Math.floor(wanted.length / 3) + 1;
  for (const each of known) {
    const other = bare(each);
    const isStart =
      Math.min(wanted.length, other.length) >= 4 && (wanted.startsWith(other) || other.startsWith(wanted));
    const changes = isStart ? 1 : distance(wanted, other);
    if (changes >= least) continue;
    least = changes;
    best = each;
  }
  return best;
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Levenshtein's distance, neighbours swapped counted as one change (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, beforeLast[j - 2]! + 1);
      row.push(value);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
