import { beforeEach, describe, expect, it } from 'vitest';
import type { WorkQueue } from '../../shared/queue/work-queue.ts';

/** A queue to try, and a clock that moves without waiting where the adapter allows it. */
export type QueueUnderTest = { queue: WorkQueue; passSeconds(seconds: number): Promise<void> };

/** What every WorkQueue does. */
export function describeWorkQueue(name: string, open: () => Promise<QueueUnderTest>): void {
  describe(`the work queue contract: ${name}`, () => {
    let queue: WorkQueue;
    let passSeconds: (seconds: number) => Promise<void>;
    beforeEach(async () => {
      ({ queue, passSeconds } = await open());
    });

    /** Receives until nothing comes, since a queue may return fewer messages than requested. */
    const receiveAll = async (visibilitySeconds = 30) => {
      const all = [];
      for (;;) {
        const some = await queue.receive(10, visibilitySeconds);
        if (some.length === 0) return all;
        all.push(...some);
      }
    };

    it('delivers every key sent, whatever its letters', async () => {
      const keys = ['a.jpg', '照片/猫 咪.png', 'sp ace/+plus&<amp>.jpg', '🐈/"quoted".webp', ...numbered(25)];
      await queue.send(keys);
      const received = await receiveAll();
      expect(received.map(message => message.key).sort()).toEqual([...keys].sort());
      for (const message of received) expect(message).toMatchObject({ failures: 0, suspect: false });
    });

    it('returns an empty list when there is nothing, and takes an empty list', async () => {
      await queue.send([]);
      expect(await queue.receive(10, 30)).toEqual([]);
    });

    it('hides a received message until its visibility ends, then delivers it again as a suspect', async () => {
      await queue.send(['a.jpg']);
      expect(await receiveAll(5)).toHaveLength(1);
      expect(await receiveAll(5)).toEqual([]);
      await passSeconds(6);
      expect(await receiveAll()).toMatchObject([{ key: 'a.jpg', failures: 0, suspect: true }]);
    });

    it('delivers a suspect alone', async () => {
      await queue.send(['a.jpg', 'b.jpg']);
      await receiveAll(5);
      await queue.send(['c.jpg', 'd.jpg']);
      await passSeconds(6);
      const first = await queue.receive(10, 30);
      expect(first).toMatchObject([{ suspect: true }]);
      expect((await receiveAll()).map(({ key }) => key).sort()).toEqual(
        ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'].filter(key => key !== first[0]?.key),
      );
    });

    it('says of a key that it is to be tried again, until it is done, and not of others', async () => {
      await queue.send(['a.jpg', 'b.jpg']);
      await queue.send(['a.jpg'], { again: true });
      const received = await receiveAll();
      expect(received.filter(({ key }) => key === 'b.jpg')).toMatchObject([{ again: false }]);
      const asked = received.find(({ key, again }) => key === 'a.jpg' && again);
      expect(asked).toBeDefined();
      for (const message of received) if (message !== asked) await queue.done(message.receipt);
      await queue.retryLater(asked?.receipt ?? '', 1);
      await passSeconds(2);
      expect(await receiveAll()).toMatchObject([{ key: 'a.jpg', failures: 1, again: true }]);
    });

    it('forgets a message that is done', async () => {
      await queue.send(['a.jpg']);
      for (const message of await receiveAll(5)) await queue.done(message.receipt);
      await passSeconds(6);
      expect(await receiveAll()).toEqual([]);
    });

    it('keeps a key that is sent again while it is in work', async () => {
      await queue.send(['a.jpg']);
      const [first] = await receiveAll();
      await queue.send(['a.jpg']);
      await queue.done(first?.receipt ?? '');
      expect(await receiveAll()).toMatchObject([{ key: 'a.jpg' }]);
    });

    it('shows a failed message again after the given delay, with one failure more', async () => {
      await queue.send(['a.jpg']);
      for (let failures = 0; failures < 7; failures++) {
        const [message] = await receiveAll();
        expect(message).toMatchObject({ key: 'a.jpg', failures, suspect: false });
        await queue.retryLater(message?.receipt ?? '', 20);
        await passSeconds(10);
        expect(await receiveAll()).toEqual([]);
        await passSeconds(11);
      }
      expect(await queue.counts()).toMatchObject({ waiting: 1, dead: 0 });
    });

    it('shows what is given back again as it was, as often as one likes', async () => {
      await queue.send(['a.jpg']);
      const [failed] = await receiveAll();
      await queue.retryLater(failed?.receipt ?? '', 0);
      for (let time = 0; time < 20; time++) {
        const [message] = await receiveAll();
        expect(message).toMatchObject({ key: 'a.jpg', failures: 1 });
        await queue.giveBack(message?.receipt ?? '', 5);
        expect(await receiveAll()).toEqual([]);
        await passSeconds(6);
      }
    });

    it('counts what waits and what is in work', async () => {
      await queue.send(['a.jpg', 'b.jpg', 'c.jpg']);
      expect(await queue.counts()).toEqual({ waiting: 3, words: 0, inWork: 0, dead: 0 });
      const messages = await queue.receive(1, 30);
      expect(await queue.counts()).toEqual({ waiting: 2, words: 0, inWork: 1, dead: 0 });
      for (const message of messages) await queue.done(message.receipt);
      expect(await queue.counts()).toEqual({ waiting: 2, words: 0, inWork: 0, dead: 0 });
    });
  });
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `n/${i}.jpg`);
