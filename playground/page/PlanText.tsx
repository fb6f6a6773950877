import type { ReactNode } from 'react';

import { colorOf } from './serviceColors';

const TOKENS =
  /\b(QueryPlan|Sequence|Parallel|Fetch|Flatten|Include|Skip|If|Else|Defer|Deferred|Primary|Subscription)\b(?=[ (])|(?<=service: )"([^"]*)"|(?<=path: )"[^"]*"|(\b_\w+_[0-9a-f]{8}: )/g;

/** The plan as the gateway prints it, with the steps and services picked out. */
export function PlanText({ text }: { readonly text: string }) {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [token, step, service, alias] = match;
    parts.push(text.slice(at, match.index));
    at = match.index + token.length;
    if (step !== undefined) parts.push(<b key={at}>{token}</b>);
    else if (service !== undefined)
      parts.push(
        <span key={at} className="service" style={{ color: colorOf(service) }}>
          {token}
        </span>,
      );
    else if (alias !== undefined)
      parts.push(
        <span key={at} className="alias" title="Portico's own name for this field with these arguments">
          {token}
        </span>,
      );
    else
      parts.push(
        <span key={at} className="path">
          {token}
        </span>,
      );
  }
  parts.push(text.slice(at));
  return <pre className="plan-text">{parts}</pre>;
}
