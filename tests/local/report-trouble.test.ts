import { expect, it } from 'vitest';
import { reportTrouble } from '../../functions/local/report-trouble.ts';
import { SemblanceError } from '../../shared/errors.ts';

const full = new SemblanceError('disk_full', 'No space left to write queue.db');

it('says once a minute what holds indexing up, and logs all of it', () => {
  const logged: string[] = [];
  const printed: string[] = [];
  let now = 0;
  const write = (message: string) => void logged.push(message);
  const log = reportTrouble(
    { debug: write, info: write, warn: write, error: write },
    { print: text => printed.push(text) },
    () => now,
  );
  for (; now < 120_000; now += 5_000) log.error('The queue could not be read', { error: full });
  expect(logged).toHaveLength(24);
  expect(printed).toEqual(
    Array(2).fill(
      'semblance: No space left to write queue.db. Free some space; indexing goes on by itself, an upload is to be sent again.',
    ),
  );
});

it('keeps to itself what heals without anyone, and what concerns one image', () => {
  const printed: string[] = [];
  const quiet = () => {};
  const log = reportTrouble(
    { debug: quiet, info: quiet, warn: quiet, error: quiet },
    { print: text => printed.push(text) },
  );
  log.warn('A key is tried again later', { error: new SemblanceError('precondition_failed', 'Changed') });
  log.warn('A key is tried again later', { error: new SemblanceError('image_corrupt', 'Truncated') });
  log.error('A key could not be settled', { error: new Error('a fault') });
  expect(printed).toEqual([]);
});
