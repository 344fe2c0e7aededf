import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAdmission } from './admission.ts';

test('what is in together never exceeds the budget, unless it is one alone, and everyone gets in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 30 }), async weights => {
      const admission = createAdmission(100);
      const inside = new Map<number, number>();
      await Promise.all(
        weights.map(async (weight, i) => {
          const leave = await admission.enter(weight);
          inside.set(i, weight);
          const sum = [...inside.values()].reduce((all, one) => all + one, 0);
          expect(sum <= 100 || inside.size === 1).toBe(true);
          await new Promise(resolve => setImmediate(resolve));
          inside.delete(i);
          leave();
        }),
      );
      expect(inside.size).toBe(0);
    }),
  );
});

test('small ones that come later do not keep a large one out', async () => {
  const admission = createAdmission(100);
  const order: string[] = [];
  const enter = async (name: string, weight: number) => {
    const leave = await admission.enter(weight);
    order.push(name);
    setImmediate(leave);
  };
  await Promise.all([enter('small', 60), enter('large', 90), enter('late', 30)]);
  expect(order).toEqual(['small', 'large', 'late']);
});
