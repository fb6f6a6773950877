import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

import type { Clock } from '../../base/kit/Clock.js';

/** Looks a host name up: all of its addresses. Rejects as `dns.lookup` does. */
export type ResolveHost = (host: string) => Promise<readonly LookupAddress[]>;

/** As the system does it: hosts file, search domains, DNS. */
export const resolveWithSystem: ResolveHost = (host) => systemLookup(host, { all: true });

/** How long an address to which no connection came up is tried last, in milliseconds. */
const AVOID_MS = 30_000;

export interface HostAddressesOptions {
  readonly host: string;
  readonly resolve: ResolveHost;
  /** How old addresses may get while there is traffic, in milliseconds. */
  readonly refreshMs: number;
  readonly clock: Clock;
  /** Called when the addresses are others than before. */
  readonly onChange: () => void;
}

/**
 * The addresses of one host, looked up again while there is traffic.
 *
 * - Nothing runs while nobody calls: `refresh` is called for each request and looks at the time.
 * - When the name cannot be looked up any more, the last addresses stay in use.
 * - Connections start with another address each, so that they spread over all of them; those that did not answer come last.
 */
export class HostAddresses {
  readonly #options: HostAddressesOptions;
  #known: readonly LookupAddress[] | undefined;
  #refreshAt: number;
  #running: Promise<readonly LookupAddress[]> | undefined;
  #turn: number;
  readonly #avoidUntil = new Map<string, number>();

  constructor(options: HostAddressesOptions) {
    this.#options = options;
    this.#known = undefined;
    this.#refreshAt = -Infinity;
    this.#running = undefined;
    this.#turn = 0;
  }

  /** HOT: once per request. */
  refresh(): void {
    if (this.#known === undefined || this.#options.clock.monotonic() < this.#refreshAt) return;
    void this.#resolve();
  }

  /** A connection to the address did not come up: it is tried last for a while. */
  failed(address: string): void {
    this.#avoidUntil.set(address, this.#options.clock.monotonic() + AVOID_MS);
  }

  /** No connection came up: the name is looked up again before the next one. */
  expire(): void {
    this.#refreshAt = -Infinity;
  }

  /** For `net.connect`. */
  readonly lookup: LookupFunction = (_host, options, answer) => {
    const isFresh = this.#options.clock.monotonic() < this.#refreshAt;
    const found = isFresh && this.#known !== undefined ? Promise.resolve(this.#known) : this.#resolve();
    found.then(
      (addresses) => this.#give(addresses, options, answer),
      (error: NodeJS.ErrnoException) => answer(error, []),
    );
  };

  #give(all: readonly LookupAddress[], options: LookupOptions, callback: Parameters<LookupFunction>[2]): void {
    const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : (options.family ?? 0);
    const addresses = this.#inTurn(family === 0 ? all : all.filter((each) => each.family === family));
    const [first] = addresses;
    if (first === undefined) {
      callback(Object.assign(new Error(`no address for ${this.#options.host}`), { code: 'ENOTFOUND' }), []);
    } else if (options.all === true) {
      callback(null, addresses);
    } else {
      callback(null, first.address, first.family);
    }
  }

  #inTurn(addresses: readonly LookupAddress[]): LookupAddress[] {
    if (addresses.length < 2) return [...addresses];
    const start = this.#turn++ % addresses.length;
    const turned = [...addresses.slice(start), ...addresses.slice(0, start)];
    if (this.#avoidUntil.size === 0) return turned;
    const now = this.#options.clock.monotonic();
    const isAvoided = ({ address }: LookupAddress): boolean => (this.#avoidUntil.get(address) ?? -Infinity) > now;
    return [...turned.filter((each) => !isAvoided(each)), ...turned.filter(isAvoided)];
  }

  /** One look-up at a time. Errors: those of the resolver, when nothing is known yet. */
  #resolve(): Promise<readonly LookupAddress[]> {
    this.#running ??= this.#ask().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #ask(): Promise<readonly LookupAddress[]> {
    const { host, resolve, refreshMs, clock, onChange } = this.#options;
    const before = this.#known;
    let found: readonly LookupAddress[];
    try {
      found = await resolve(host);
    } catch (error) {
      if (before === undefined) throw error;
      found = before;
    }
    this.#refreshAt = clock.monotonic() + refreshMs;
    if (found.length === 0) return before ?? found;
    this.#known = found;
    if (before === undefined || isSameSet(before, found)) return found;
    this.#avoidUntil.clear();
    onChange();
    return found;
  }
}

function isSameSet(left: readonly LookupAddress[], right: readonly LookupAddress[]): boolean {
  const known = new Set(left.map(({ address }) => address));
  const others = new Set(right.map(({ address }) => address));
  return known.size === others.size && [...others].every((address) => known.has(address));
}
