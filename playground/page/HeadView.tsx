import { Fragment } from 'react';

import type { Head } from './Head';

/** The limits that the answer tells of, and whether it was refused. */
export function HeadView({ head: { status, limits, retryAfter } }: { readonly head: Head }) {
  if (status < 400 && limits.length === 0) return undefined;
  return (
    <dl className="limits" aria-label="Rate limits">
      {status >= 400 && (
        <dd className="refused">
          HTTP {status}
          {retryAfter !== undefined && ` · Retry-After: ${retryAfter} s`}
        </dd>
      )}
      {limits.map(({ policy, max, remaining, resetSeconds }) => (
        <Fragment key={policy}>
          <dt>{policy}</dt>
          <dd className="track">
            <span className="bar" style={{ left: 0, width: `${max ? (remaining / max) * 100 : 0}%` }} />
          </dd>
          <dd className="left">
            {max === undefined ? remaining : `${remaining} of ${max}`} left, resets in {resetSeconds} s
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
