import fc from 'fast-check';
import { change, text } from './changing-store.ts';
import { type Fault, type FaultStep, type Place, simulate } from './fault-simulation.ts';

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    type: fc.constant('outage' as const),
    what: fc.constantFrom('originals' as const, 'derived' as const, 'index' as const),
    steps: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({
    type: fc.constant('crash' as const),
    process: fc.constantFrom(0 as const, 1 as const),
    calls: fc.nat(30),
  }),
);
const step: fc.Arbitrary<FaultStep> = fc.record({
  change: fc.oneof(
    { weight: 16, arbitrary: change },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('restore' as const), text }) },
    { weight: 3, arbitrary: fault },
  ),
  copies: fc.constantFrom(0, 1, 1, 2, 2, 3),
  delay: fc.nat(6),
});

/** Plays so many random sequences of about 200 steps, each in a place of its own; how many events there were. */
export async function expectConvergenceUnderFaults(
  open: () => Promise<Place>,
  runs: number,
): Promise<number> {
  let events = 0;
  const seed = Number(process.env['SEMBLANCE_TEST_SEED'] ?? Date.now() & 0x7fffffff);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 180, maxLength: 220 }), async steps => {
      const place = await open();
      try {
        events += await simulate(place, steps);
      } finally {
        await place.close();
      }
    }),
    { numRuns: runs, endOnFailure: true, seed },
  );
  console.log(`${events} events in ${runs} runs, seed ${seed}`);
  return events;
}
