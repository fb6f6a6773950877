import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import { Bulkhead } from '../../../src/upstream/resilience/Bulkhead.js';

const forever = (): Lifetime => new Lifetime(Infinity);

describe('places', () => {
  it('are taken until there are none, then calls wait in their order', async () => {
    const places = new Bulkhead('a', { max: 1, queue: 2 });
    expect([places.tryEnter(), places.tryEnter()]).toEqual([true, false]);
    const order: string[] = [];
    const first = places.enter(forever()).then(() => order.push('first'));
    const second = places.enter(forever()).then(() => order.push('second'));
    places.leave();
    await first;
    places.leave();
    await second;
    expect(order).toEqual(['first', 'second']);
    expect([places.running, places.waiting]).toEqual([1, 0]);
  });

  it('refuse who cannot even wait, without the name of the subgraph (SHED-02)', async () => {
    const places = new Bulkhead('secret', { max: 1, queue: 0 });
    places.tryEnter();
    const refused = places.enter(forever());
    await expect(refused).rejects.toMatchObject({ code: 'OVERLOADED', details: { subgraph: 'secret' } });
    await expect(refused).rejects.not.toThrow(/secret/);
  });

  it('let go of whoever has no time left, before and while it waits', async () => {
    const places = new Bulkhead('a', { max: 1, queue: 2 });
    places.tryEnter();
    const over = forever();
    over.end('cancelled');
    await expect(places.enter(over)).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' });
    const waiting = forever();
    const left = places.enter(waiting);
    waiting.end('deadline');
    await expect(left).rejects.toMatchObject({ code: 'GATEWAY_TIMEOUT' });
    expect([places.running, places.waiting]).toEqual([1, 0]);
    places.leave();
    expect([places.running, places.tryEnter()]).toEqual([0, true]);
  });

  it('never run more than they have, and lose none, whatever comes and goes (SHED-04)', async () => {
    const step = fc.constantFrom('enter', 'leave', 'cancel');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const places = new Bulkhead('a', { max: 3, queue: 2 });
        const waiting = new Set<Lifetime>();
        let inside = 0;
        for (const each of steps) {
          if (each === 'leave' && inside > 0) {
            inside--;
            places.leave();
          } else if (each === 'cancel') {
            const [some] = waiting;
            some?.end('cancelled');
          } else if (each === 'enter') {
            if (places.tryEnter()) inside++;
            else {
              const lifetime = forever();
              waiting.add(lifetime);
              const settled = (): void => void waiting.delete(lifetime);
              places.enter(lifetime).then(() => {
                settled();
                inside++;
              }, settled);
            }
          }
          await Promise.resolve();
          await Promise.resolve();
          expect(places.running).toBe(inside);
          expect(inside).toBeLessThanOrEqual(3);
          expect(places.waiting).toBeLessThanOrEqual(2);
        }
      }),
    );
  });
});
