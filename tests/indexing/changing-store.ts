import fc from 'fast-check';
import { expect } from 'vitest';
import { VISION } from '../../shared/catalog/collection.ts';
import { idOfKey, sha1Hex } from '../../shared/catalog/ids.ts';
import { hasCode } from '../../shared/errors.ts';
import { previewKey, readRecord, thumbnailKey } from './derived.ts';
import { bytesOf, type Domain, type Person, unitVector, uploadOfText } from './domain.ts';

/** Images that change, and the events about it. */
export type World = Domain & {
  readonly person: Person;
  /** Brings the news of a key, as often as it takes for it to be settled. */
  deliver(key: string): Promise<void>;
  close(): Promise<void>;
};

/** What happens to the store; each change has an event, which may come late, twice or never. */
export type Change =
  | { readonly type: 'write'; readonly key: string; readonly text: string }
  | { readonly type: 'delete'; readonly key: string }
  | { readonly type: 'rename'; readonly key: string; readonly to: string }
  | { readonly type: 'upload' | 'remove'; readonly text: string }
  | { readonly type: 'star'; readonly key: string; readonly starred: boolean };

export type Step = {
  readonly change: Change;
  /** How often the event comes: 0 is lost, 2 a duplicate. */
  readonly copies: number;
  /** How many steps later. */
  readonly delay: number;
};

const KEYS = [
  'caf\u00e9.png',
  'cafe\u0301.png',
  'a.png',
  'b c.png',
  '新年/猫.png',
  '新年/🐈.png',
  'deep/er/d.png',
  'e.png',
  'g.png',
];
const key = fc.constantFrom(...KEYS);
// There are few texts, so that copies of the same bytes are frequent.
export const text = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 12 }).map(n => `image ${'.'.repeat(n)}`) },
  { weight: 1, arbitrary: fc.constantFrom('BAD', 'BAD too', '') },
  { weight: 1, arbitrary: fc.constantFrom('words:新年 sale', 'words:another sign', 'words:新年') },
);
export const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('write'), key, text }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('delete'), key }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('rename'), key, to: key }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('upload'), text }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('remove'), text }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('star'), key, starred: fc.boolean() }) },
);
const stepWith = (copies: readonly number[]): fc.Arbitrary<Step> =>
  fc.record({ change, copies: fc.constantFrom(...copies), delay: fc.nat(6) });
/** Events come late and more than once, but come. */
export const lateStep = stepWith([1, 1, 1, 2, 3]);
/** Events may also be lost. */
export const lossyStep = stepWith([0, 0, 1, 1, 1, 2, 3]);

/** Plays the steps, several keys in work at any time; returns how many events there were. */
async function play(h: World, steps: readonly Step[]): Promise<number> {
  const due = new Map<number, string[]>();
  const inWork = new Set<Promise<void>>();
  let events = 0;
  const deliver = (keys: readonly string[]) => {
    for (const eventKey of keys) {
      events++;
      const work = h.deliver(eventKey).finally(() => inWork.delete(work));
      inWork.add(work);
    }
  };
  for (const [at, { change, copies, delay }] of steps.entries()) {
    const keys = await apply(h, change);
    for (let copy = 0; copy < copies; copy++) {
      const then = at + delay * (copy + 1);
      due.set(then, [...keys, ...(due.get(then) ?? [])]);
    }
    deliver(due.get(at) ?? []);
    due.delete(at);
    if (inWork.size > 6) await Promise.race(inWork);
  }
  for (const keys of due.values()) deliver(keys);
  await Promise.all(inWork);
  return events;
}

async function apply(h: World, change: Change): Promise<string[]> {
  switch (change.type) {
    case 'write':
      await h.person.write(change.key, change.text);
      return [change.key];
    case 'delete':
      await h.person.remove(change.key);
      return [change.key];
    case 'rename':
      return (await h.person.rename(change.key, change.to)) ? [change.to, change.key] : [];
    case 'star':
      await allowing(['not_found', 'precondition_failed'], () =>
        h.library.update(idOfKey(change.key, h.namespace), { starred: change.starred }),
      );
      return [change.key];
    case 'upload': {
      const uploaded = await allowing(['duplicate_image'], () => h.library.upload(uploadOfText(change.text)));
      return uploaded ? [`uploads/${uploaded.id}.png`] : [];
    }
    case 'remove': {
      const [id] = await h.library.findBySha1([sha1Hex(bytesOf(change.text))]);
      if (id) await allowing(['not_found', 'not_an_upload'], () => h.library.remove(id));
      return id ? [`uploads/${id}.png`] : [];
    }
  }
}

async function allowing<T>(codes: readonly Parameters<typeof hasCode>[1][], work: () => Promise<T>) {
  try {
    return await work();
  } catch (error) {
    if (!codes.some(code => hasCode(error, code))) throw error;
    return null;
  }
}

export async function sweepAndDrain(h: World): Promise<void> {
  await h.sweep({ allowDrop: true });
  await h.drain();
}

/** Every object has its point or its failure, of the bytes and words it has now, and nothing else is there. */
export async function expectIndexEqualsStore(h: Domain): Promise<void> {
  const differences = await h.sweep({ allowDrop: true, dryRun: true });
  expect(differences).toMatchObject({ added: 0, changed: 0, annotated: 0, dropped: 0, redone: 0 });

  const expected = new Set<string>();
  for await (const object of h.originals.list('')) {
    if (object.key.startsWith('_deleted/')) continue;
    const id = idOfKey(object.key, h.namespace);
    const content = (await h.originals.get(object.key, 1_000_000))?.bytes ?? new Uint8Array();
    const good = content.length > 0 && !new TextDecoder().decode(content).startsWith('BAD');
    const payload = await h.payload(id);
    expect(await h.library.state(id), object.key).toBe(good ? 'indexed' : 'failed');
    if (!good) continue;
    expected.add(id);
    const record = await readRecord(h, id);
    expect(payload).toMatchObject({
      key: object.key,
      etag: object.etag,
      sha1: sha1Hex(content),
      starred: record?.value?.starred ?? false,
      ocr_text: /^words:(.*)/.exec(new TextDecoder().decode(content))?.[1] ?? '',
      record_etag: record?.etag ?? null,
    });
    const preview = await h.derived.get(previewKey(id), 1000);
    expect(new TextDecoder().decode(preview?.bytes)).toBe(`preview of ${sha1Hex(content)}`);
    const [point] = await h.index.retrieve([id], { vectors: [VISION] });
    expect(point?.vectors[VISION]).toEqual(unitVector(sha1Hex(content)));
  }
  const { points } = await h.index.scroll({ limit: 10_000, payload: false });
  expect(new Set(points.map(point => point.id))).toEqual(expected);
  const derived = (await h.derivedKeys()).filter(name => /^(thumbnails|previews)\//.test(name));
  expect(derived).toEqual([...expected].flatMap(id => [thumbnailKey(id), previewKey(id)]).sort());
}

/** Holds it over `runs` sequences of 220 to 260 steps; how many events there were. */
export async function expectConvergence(options: {
  open: () => Promise<World>;
  steps: fc.Arbitrary<Step>;
  runs: number;
  heal?: (h: World) => Promise<void>;
}): Promise<number> {
  const { open, steps, runs, heal } = options;
  let events = 0;
  const seed = Date.now() & 0x7fffffff;
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 220, maxLength: 260 }), async sequence => {
      const h = await open();
      events += await play(h, sequence);
      await heal?.(h);
      await expectIndexEqualsStore(h);
      await h.close();
    }),
    { numRuns: runs, endOnFailure: true, seed },
  );
  console.log(`${events} events in ${runs} runs, seed ${seed}`);
  return events;
}
