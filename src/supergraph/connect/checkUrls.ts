import { argumentNode } from '../read/connectTexts.js';
import type { ConnectProblem } from './ConnectProblem.js';
import type { Declarations } from './Declaration.js';

/** What a template begins with that has a host of its own; the host must be written out, so that no value can choose it. */
const ABSOLUTE = /^\s*https?:\/\/[^/?#{}\s]+/i;

/** Whether sources are known and hosts are fixed: a URL has one of its own or that of its source, never one made from values. */
export function checkUrls({ connectors, sources }: Declarations, report: (problem: ConnectProblem) => void): void {
  for (const { directive, texts } of sources.values()) {
    const node = argumentNode(directive, 'http.baseURL');
    const why = hostProblem(texts.baseUrl);
    if (why !== undefined) report({ code: 'CONNECTOR_INVALID_URL', message: `source "${texts.name}": ${why}`, node });
  }
  for (const { directive, texts, typeName, field } of connectors) {
    const what = field === undefined ? typeName : `${typeName}.${field.name.value}`;
    const { source, url, method } = texts;
    const node = argumentNode(directive, `http.${method}`);
    const isAbsolute = /^\s*[a-z][a-z\d+.-]*:\/\//i.test(url) || /^\s*\/\//.test(url);
    if (source !== undefined && !sources.has(source)) {
      const known = sources.size === 0 ? 'there are none' : `there are ${[...sources.keys()].join(', ')}`;
      const message = `${what}: there is no source "${source}" (${known})`;
      report({ code: 'CONNECTOR_UNKNOWN_SOURCE', message, node: argumentNode(directive, 'source') });
    } else if (source !== undefined && isAbsolute) {
      const message = `${what}: with a source the URL has no host of its own: write the path`;
      report({ code: 'CONNECTOR_INVALID_URL', message, node });
    } else if (source === undefined) {
      const why = hostProblem(url);
      if (why !== undefined) report({ code: 'CONNECTOR_INVALID_URL', message: `${what}: ${why}`, node });
    }
  }
}

function hostProblem(url: string): string | undefined {
  const host = ABSOLUTE.exec(url)?.[0].trim();
  const rest = host === undefined ? '' : url.trim().slice(host.length);
  if (host === undefined || (rest !== '' && !/^[/?#{\s]/.test(rest)) || rest.startsWith('{')) {
    return 'without a source the URL begins with http(s):// and a host that is written out';
  }
  if (!URL.canParse(host)) return 'the URL has no valid host';
  const { username, password } = new URL(host);
  return username === '' && password === '' ? undefined : 'the URL has credentials: send them as a header';
}
