import { z } from 'zod';

import { duration } from '../../values/quantity.js';

/** What providers that are asked over the network have in common. */
export const availability = {
  timeout: duration({ min: '10ms', max: '30s' })
    .meta({ description: 'How long one question may take, in all.', examples: ['500ms'] })
    .prefault('2s'),
  on_unavailable: z
    .enum(['deny', 'use_cached'])
    .meta({
      description:
        'What happens while it cannot be asked: `deny` answers 503; `use_cached` goes by the last answer about the same credential, at most for `max_stale`, and answers 503 where there is none.',
      examples: ['use_cached'],
    })
    .default('deny'),
  max_stale: duration({ min: '1s', max: '7d' })
    .meta({ description: 'How old an answer may be that `use_cached` goes by.', examples: ['10m'] })
    .prefault('1h'),
};

/** How long an answer counts without asking again. */
export function cacheTime(fallback: string) {
  return duration({ min: '0s', max: '1h' })
    .meta({
      description:
        'How long an answer about a credential counts without asking again; never longer than the credential itself. A refusal counts for at most 5 s.',
      examples: ['30s'],
    })
    .prefault(fallback);
}
