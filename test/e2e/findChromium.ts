import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Where the browser is; undefined without one, and then the tests that need it are skipped with a word about it.
 *
 * Errors: in CI a browser that is missing is a failure.
 */
export function findChromium(): string | undefined {
  const found = PLACES.find((place) => existsSync(place));
  if (found !== undefined) return found;
  const advice = 'There is no Chromium, so the playground is not tested. Debian, Ubuntu: apt-get install chromium';
  if (process.env['CI'] === 'true') throw new Error(advice);
  console.warn(advice);
  return undefined;
}
