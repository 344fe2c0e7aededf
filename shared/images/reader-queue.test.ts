import { expect, test } from 'vitest';
import { SemblanceError } from '../errors.ts';
import { createReaderQueue, isUrgent, type Job } from './reader-queue.ts';

const jobOf = (task: 'describe' | 'words' | 'embed' | 'check', rejected: unknown[] = []): Job => ({
  request: task === 'describe' ? { task, ocr: false, cpuLimit: 1 } : { task, cpuLimit: 1 },
  bytes: new Uint8Array(),
  resolve() {},
  reject: error => rejected.push(error),
});
const always = (): boolean => true;

test('what a person waits for goes first, then images in the order they came, their words last', () => {
  const queue = createReaderQueue();
  const [words, first, second, embed] = (['words', 'describe', 'describe', 'embed'] as const).map(task =>
    jobOf(task),
  );
  for (const job of [words, first, second, embed]) queue.add(job!);
  expect([queue.urgent(), queue.toIndex()]).toEqual([1, 3]);
  const taken = Array.from({ length: 5 }, () => queue.take(always));
  expect(taken).toEqual([embed, first, second, words, undefined]);
});

test('what may not start now is passed over and stays', () => {
  const queue = createReaderQueue();
  const [image, check] = [jobOf('describe'), jobOf('check')];
  queue.add(image);
  expect(queue.take(isUrgent)).toBeUndefined();
  queue.add(check);
  expect([queue.take(isUrgent), queue.take(isUrgent), queue.take(always)]).toEqual([check, undefined, image]);
});

test('an image that a process gives back is the next of its kind', () => {
  const queue = createReaderQueue();
  const [first, second] = [jobOf('describe'), jobOf('describe')];
  queue.add(second);
  queue.putBack(first);
  expect(queue.take(always)).toBe(first);
});

test('all that wait are rejected, once', () => {
  const queue = createReaderQueue();
  const rejected: unknown[] = [];
  for (const task of ['describe', 'words', 'embed'] as const) queue.add(jobOf(task, rejected));
  const reason = new SemblanceError('out_of_time', 'closed');
  queue.rejectAll(reason);
  queue.rejectAll(reason);
  expect(rejected).toEqual([reason, reason, reason]);
  expect(queue.take(always)).toBeUndefined();
});
