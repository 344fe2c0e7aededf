import { describe, expect, it } from 'vitest';
import { inTurn, oneAtATime } from './one-at-a-time.ts';

describe('one at a time', () => {
  /** Work that ends when the test lets it. */
  function open() {
    const begun: { name: string; input: number; end: PromiseWithResolvers<string> }[] = [];
    const run = oneAtATime<number, string>(
      (name, input) => {
        const end = Promise.withResolvers<string>();
        begun.push({ name, input, end });
        return end.promise;
      },
      (a, b) => a | b,
    );
    return { begun, run };
  }
  const settled = () => new Promise(setImmediate);

  it('does once, afterwards, what is requested meanwhile, for all callers', async () => {
    const { begun, run } = open();
    const first = run('a', 1);
    const meanwhile = [run('a', 2), run('a', 4), run('a', 2)];
    await settled();
    expect(begun.map(({ input }) => input)).toEqual([1]);
    begun[0]?.end.resolve('first');
    expect(await first).toBe('first');
    await settled();
    expect(begun.map(({ input }) => input)).toEqual([1, 6]);
    begun[1]?.end.resolve('second');
    expect(await Promise.all(meanwhile)).toEqual(['second', 'second', 'second']);
    void run('a', 8);
    expect(begun.map(({ input }) => input)).toEqual([1, 6, 8]);
  });

  it('goes on after a failure, which only its own callers get', async () => {
    const { begun, run } = open();
    const first = run('a', 1);
    const second = run('a', 2);
    begun[0]?.end.reject(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    await settled();
    begun[1]?.end.resolve('fine');
    expect(await second).toBe('fine');
  });

  it('does what is requested while the second is under way a third time', async () => {
    const { begun, run } = open();
    void run('a', 1);
    void run('a', 2);
    begun[0]?.end.resolve('');
    await settled();
    void run('a', 4);
    begun[1]?.end.resolve('');
    await settled();
    expect(begun.map(({ input }) => input)).toEqual([1, 2, 4]);
  });

  it('lets other names go their way', () => {
    const { begun, run } = open();
    void run('a', 1);
    void run('b', 2);
    expect(begun.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

it('in turn, all is done in the order of the calls, also after a failure', async () => {
  const turn = inTurn();
  const done: number[] = [];
  const work = (n: number) => async () => {
    await new Promise(setImmediate);
    done.push(n);
    if (n === 2) throw new Error('broken');
    return n;
  };
  const all = [1, 2, 3].map(n => turn('a', work(n)));
  const other = turn('b', async () => done.push(9));
  await expect(Promise.allSettled(all)).resolves.toMatchObject([
    { value: 1 },
    { reason: new Error('broken') },
    { value: 3 },
  ]);
  await other;
  expect(done.filter(n => n !== 9)).toEqual([1, 2, 3]);
});
