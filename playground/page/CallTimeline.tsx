import { parse, print } from 'graphql';
import { useState } from 'react';

import type { ExposedCall } from './ask';
import { colorOf } from './serviceColors';

/** The calls of one request as bars on one time axis. A click on a call shows what was sent. */
export function CallTimeline({ calls }: { readonly calls: readonly ExposedCall[] }) {
  const [open, setOpen] = useState<ExposedCall>();
  const inOrder = calls.toSorted((a, b) => a.startedMs - b.startedMs);
  const from = Math.min(...calls.map((call) => call.startedMs));
  const span = Math.max(...calls.map((call) => call.startedMs + call.tookMs)) - from || 1;
  return (
    <ol className="calls">
      {inOrder.map((call, index) => (
        <li key={index}>
          <button
            type="button"
            className="call"
            aria-expanded={open === call}
            title="Show what was sent"
            onClick={() => setOpen(open === call ? undefined : call)}
          >
            <span className="service" style={{ color: colorOf(call.subgraph) }}>
              {call.subgraph}
            </span>
            <span className="track">
              <span
                className={call.failed ? 'bar failed' : 'bar'}
                style={{
                  left: `${((call.startedMs - from) / span) * 100}%`,
                  width: `max(3px, ${(call.tookMs / span) * 100}%)`,
                  ...(call.failed ? {} : { background: colorOf(call.subgraph) }),
                }}
              />
            </span>
            <span className="took">{call.failed ? 'failed' : `${call.tookMs.toFixed(1)} ms`}</span>
          </button>
          {open === call && <pre className="sent">{pretty(call.operation)}</pre>}
        </li>
      ))}
    </ol>
  );
}

function pretty(operation: string): string {
  try {
    return print(parse(operation));
  } catch {
    return operation;
  }
}
