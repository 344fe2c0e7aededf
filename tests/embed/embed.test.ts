import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { idOfKey, keyId, sha1Hex } from '../../shared/catalog/ids.ts';
import { SemblanceError } from '../../shared/errors.ts';
import { KEYS_OF_NO_FILE, LOOKALIKE_KEYS } from '../contracts/names.ts';
import { bytesOf, uploadOfText } from '../indexing/domain.ts';
import { type Aws, contextWith, openFunction, s3Event, startAws } from './function.ts';

let aws: Aws;
let f: Awaited<ReturnType<typeof openFunction>>;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());
beforeEach(async () => {
  // The queue is in this process, so the clock of the test is its clock.
  vi.useFakeTimers({ toFake: ['Date'] });
  f = await openFunction(aws);
  return () => f.close();
});
afterEach(() => {
  vi.useRealTimers();
});

const idOf = (key: string) => keyId(key, f.namespace);
const write = (key: string, text = key) => f.person.write(key, text);
const notify = (eventName: string, ...keys: string[]) =>
  f.queueMessage(s3Event(eventName, f.bucket, ...keys));
const stateOf = (key: string) => f.library.state(idOf(key));
const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const NOTHING_LEFT = { waiting: 0, words: 0, inWork: 0, dead: 0 };

describe('the embed function', () => {
  it.each(['new year.png', 'a+b & c%.png', '新年/猫 🐈.png', "it's (1).png"])('indexes %s', async key => {
    await write(key);
    notify('ObjectCreated:Put', key);
    await f.pollAll();
    expect(await f.payload(idOf(key))).toMatchObject({ key });
    expect(await f.queue.counts()).toMatchObject(NOTHING_LEFT);
  });

  it.each([
    'ObjectRemoved:Delete',
    'ObjectRemoved:DeleteMarkerCreated',
    'LifecycleExpiration:Delete',
    'LifecycleExpiration:DeleteMarkerCreated',
  ])('drops what is gone: %s', async eventName => {
    await write('a.png');
    await f.deliver('a.png');
    expect(await stateOf('a.png')).toBe('indexed');
    await f.person.remove('a.png');
    notify(eventName, 'a.png');
    await f.pollAll();
    expect(await stateOf('a.png')).toBe('unknown');
    expect(await f.derivedKeys()).toEqual([]);
  });

  it('looks at what is there, whatever the event says and in whatever order they come', async () => {
    await write('there.png');
    notify('ObjectRemoved:Delete', 'there.png');
    notify('ObjectCreated:Put', 'gone.png');
    await f.pollAll();
    expect(await stateOf('there.png')).toBe('indexed');
    expect(await stateOf('gone.png')).toBe('unknown');
    expect(await f.queue.counts()).toMatchObject(NOTHING_LEFT);
  });

  it("takes EventBridge's events, several records a message, and S3's test", async () => {
    for (const key of ['1.png', '2.png', '3 +.png']) await write(key);
    notify('ObjectCreated:Put', '1.png', '2.png');
    f.queueMessage({
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: { bucket: { name: f.bucket }, object: { key: '3 +.png' } },
    });
    f.queueMessage({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: f.bucket });
    await f.pollAll();
    expect(await f.index.count()).toBe(3);
    expect(await f.queue.counts()).toMatchObject(NOTHING_LEFT);
  });

  it('describes an upload once, for any number of events about it', async () => {
    const { id } = await f.library.upload(uploadOfText('one'));
    expect(await f.queue.counts()).toMatchObject(NOTHING_LEFT);
    const key = `uploads/${id}.png`;
    notify('ObjectCreated:Put', key, key);
    notify('ObjectCreated:Put', key);
    notify('ObjectCreated:CompleteMultipartUpload', key);
    await f.pollAll();
    expect(await f.library.state(id)).toBe('indexed');
    expect(f.reader.described).toEqual(['one']);
  });

  it('describes a file once that two messages of one batch name', async () => {
    await write('a.png');
    for (let i = 0; i < 6; i++) notify('ObjectCreated:Put', 'a.png');
    await f.poll();
    expect(await stateOf('a.png')).toBe('indexed');
    expect(f.reader.described).toEqual(['a.png']);
  });

  it('indexes an upload that the API announced and whose bytes came by themselves', async () => {
    const { body: _body, ...announced } = uploadOfText('one', { starred: true });
    const { id, key } = await f.library.expectUpload(announced);
    expect(await f.library.state(id)).toBe('queued');
    await f.originals.put(key, bytesOf('one'), { contentType: 'image/png' });
    notify('ObjectCreated:Put', key);
    await f.pollAll();
    expect(await f.payload(id)).toMatchObject({ key, starred: true });
  });

  it('indexes objects whatever their keys are, each by its own', async () => {
    const keys = [...KEYS_OF_NO_FILE, '..jpg', ...LOOKALIKE_KEYS];
    for (const key of keys) await write(key);
    notify('ObjectCreated:Put', ...keys);
    await f.pollAll();
    for (const key of keys) {
      const id = idOfKey(key, f.namespace);
      expect(await f.payload(id)).toMatchObject({ key, sha1: sha1Hex(bytesOf(key)) });
    }
    expect(await f.index.count()).toBe(keys.length);
    expect(await f.sweep()).toMatchObject({ objects: keys.length, queued: 0, failed: 0 });
  });

  it('ignores other buckets, what is outside its prefix, and what was deleted', async () => {
    const part = await openFunction(aws, {}, 'in/');
    await part.person.write('a.png', 'a');
    part.queueMessage(s3Event('ObjectCreated:Put', part.bucket, 'in/a.png', 'out/b.png', '_deleted/c.png'));
    part.queueMessage(s3Event('ObjectCreated:Put', 'another-bucket', 'in/d.png'));
    await part.pollAll();
    expect(part.reader.described).toEqual(['a']);
    expect((await part.library.failures()).failures).toEqual([]);
    await part.close();
  });

  it('compares bucket and index when the clock asks, and queues what differs', async () => {
    await write('lost event.png');
    f.queueMessage({ semblance: 'sweep' });
    await f.pollAll();
    expect(await stateOf('lost event.png')).toBe('indexed');
  });
});

describe('a sweep of a large bucket', () => {
  it('is handed on by the queue, from one call of the function to the next', async () => {
    f.sweepOptions.largestPart = 10;
    for (let i = 0; i < 40; i++) await write(`${i}.png`);
    f.queueMessage({ semblance: 'sweep' });
    let calls = 0;
    // So much is left of two minutes that a step may begin, and no second one.
    while ((await f.poll({ getRemainingTimeInMillis: () => 50_000 }, 1)) > 0 && (await f.index.count()) === 0)
      calls++;
    expect(calls).toBeGreaterThan(4);
    await f.pollAll();
    expect(await f.index.count()).toBe(40);
    expect(await f.derivedKeys('sweeps/')).toEqual([]);
    expect(await f.queue.counts()).toMatchObject(NOTHING_LEFT);
  });
});

describe('what goes wrong', () => {
  it('is a failure record where it is the image, and the other nine are indexed', async () => {
    for (let i = 0; i < 9; i++) await write(`${i}.png`);
    await write('poison.png', 'BAD');
    for (const key of ['0', '1', '2', 'poison', '3', '4', '5', '6', '7', '8'])
      notify('ObjectCreated:Put', `${key}.png`);
    const counted = vi.spyOn(f.metrics, 'addMetric');
    await f.pollAll();
    const names = counted.mock.calls.map(([name]) => name);
    expect(names.filter(name => name === 'Indexed')).toHaveLength(9);
    expect(names.filter(name => name === 'Failed')).toHaveLength(1);
    expect(await f.index.count()).toBe(9);
    expect((await f.library.failures()).failures).toMatchObject([
      { key: 'poison.png', code: 'image_corrupt' },
    ]);
    expect(await f.queue.counts()).toMatchObject(NOTHING_LEFT);
  });

  it('uses up no tries while the index is away, however long: all of the batch waits, longer each time', async () => {
    for (const key of ['a.png', 'b.png', 'c.png']) await write(key);
    const { upsert, count } = f.index;
    let asked = 0;
    f.index.upsert = async () => {
      asked++;
      throw new SemblanceError('index_unavailable', 'connection rejected');
    };
    f.index.count = async () => {
      throw new SemblanceError('index_unavailable', 'connection rejected');
    };
    for (const key of ['a.png', 'b.png', 'c.png']) notify('ObjectCreated:Put', key);
    for (let round = 1; round <= 12; round++) {
      expect(await f.poll()).toBe(3);
      expect(await f.poll()).toBe(0);
      const last = f.delays.splice(0);
      expect(last.every(delay => delay >= Math.min(450, 4 ** (round - 1)) && delay <= 900)).toBe(true);
      passSeconds(900);
    }
    // Once one of them met it, the others are not tried in the same batch.
    expect(asked).toBeLessThanOrEqual(12 * 2);
    const { waiting, inWork, dead } = await f.queue.counts();
    expect([waiting + inWork, dead]).toEqual([3, 0]);
    expect((await f.library.failures()).failures).toEqual([]);

    Object.assign(f.index, { upsert, count });
    await f.pollAll();
    expect(await f.index.count()).toBe(3);
    expect(await f.queue.counts()).toMatchObject(NOTHING_LEFT);
  });

  it('is counted where it is the key alone, and given up with its reason, which a retry or the next sweep forgets', async () => {
    await write('a.png');
    await write('b.png');
    const { describe } = f.reader;
    f.reader.describe = async (bytes, options) => {
      if (new TextDecoder().decode(bytes) === 'a.png')
        throw new SemblanceError('precondition_failed', 'it keeps changing');
      return describe(bytes, options);
    };
    notify('ObjectCreated:Put', 'a.png', 'b.png');
    for (let attempt = 1; attempt <= 5; attempt++) {
      await f.pollAll();
      passSeconds(f.delays.at(-1) ?? 0);
    }
    expect(f.delays.every((delay, i) => delay >= 4 ** i && delay <= 2 * 4 ** i)).toBe(true);
    expect(f.delays).toHaveLength(4);
    expect(await stateOf('b.png')).toBe('indexed');
    expect(await f.queue.counts()).toMatchObject(NOTHING_LEFT);
    expect((await f.library.failures()).failures).toMatchObject([
      { key: 'a.png', code: 'precondition_failed', message: 'it keeps changing' },
    ]);

    f.reader.describe = describe;
    passSeconds(86_400);
    f.queueMessage({ semblance: 'sweep' });
    await f.pollAll();
    expect(await stateOf('a.png')).toBe('indexed');
    expect((await f.library.failures()).failures).toEqual([]);
  });

  it('takes no innocents along where an image kills the process: they are indexed, it is given up with its reason', async () => {
    const keys = ['1.png', '2.png', 'bomb.png', '3.png', '4.png'];
    for (const key of keys) await write(key);
    for (const key of keys) notify('ObjectCreated:Put', key);
    const ends: string[] = [];
    while (ends.length < 10 && ends.at(-1) !== 'done') {
      ends.push(await f.pollInProcessThatDies('bomb.png'));
      passSeconds(721);
    }
    expect(ends).toEqual(['killed', 'killed', 'killed', 'done']);
    expect(await Promise.all(keys.map(stateOf))).toEqual([
      'indexed',
      'indexed',
      'failed',
      'indexed',
      'indexed',
    ]);
    expect((await f.library.failures()).failures).toMatchObject([
      { key: 'bomb.png', code: 'image_crashed', message: 'The process died 3 times at this image' },
    ]);
    expect(await f.derivedKeys('crashes/')).toEqual([]);
    expect(await f.queue.counts()).toMatchObject(NOTHING_LEFT);
  });

  it('is kept in the dead letters where it can not be understood', async () => {
    f.queueMessage('no message of ours');
    await f.pollAll();
    expect(await f.queue.counts()).toMatchObject({ waiting: 0, inWork: 0, dead: 1 });
  });

  it('is reported once where a sweep finds most images gone, and nothing is dropped', async () => {
    for (let i = 0; i < 10; i++) {
      await write(`${i}.png`);
      await f.deliver(`${i}.png`);
    }
    for (let i = 0; i < 10; i++) await f.person.remove(`${i}.png`);
    const counted = vi.spyOn(f.metrics, 'addMetric');
    f.queueMessage({ semblance: 'sweep' });
    await f.pollAll();
    expect(counted.mock.calls.map(([name]) => name)).toEqual(['SweepRejected']);
    expect(await f.index.count()).toBe(10);
    expect(await f.queue.counts()).toMatchObject(NOTHING_LEFT);
  });

  it('holds up nothing else in the same message or batch', async () => {
    for (const key of ['a.png', 'b.png', 'c.png']) await write(key);
    const { describe } = f.reader;
    let failures = 1;
    f.reader.describe = async (bytes, options) => {
      if (new TextDecoder().decode(bytes) === 'a.png' && failures-- > 0)
        throw new SemblanceError('store_unavailable', 'slow down');
      return describe(bytes, options);
    };
    notify('ObjectCreated:Put', 'a.png', 'b.png');
    notify('ObjectCreated:Put', 'c.png');
    await f.poll();
    expect(await Promise.all(['a.png', 'b.png', 'c.png'].map(stateOf))).toEqual([
      'unknown',
      'indexed',
      'indexed',
    ]);
    expect(await f.queue.counts()).toMatchObject({ waiting: 1, words: 0, inWork: 0 });
    passSeconds(10);
    await f.pollAll();
    expect(await stateOf('a.png')).toBe('indexed');
    expect(f.reader.described.filter(text => text === 'b.png')).toHaveLength(1);
  });

  it('goes back to the queue at once when time runs out within a batch', async () => {
    for (let i = 0; i < 6; i++) {
      await write(`${i}.png`);
      notify('ObjectCreated:Put', `${i}.png`);
    }
    let left = 120_000;
    const { describe } = f.reader;
    f.reader.describe = async (bytes, options) => {
      left -= 40_000;
      return describe(bytes, options);
    };
    await f.poll({ getRemainingTimeInMillis: () => left });
    const indexed = await f.index.count();
    expect(indexed).toBeGreaterThan(0);
    expect(indexed).toBeLessThan(6);
    expect(new Set(f.delays)).toEqual(new Set([0]));
    left = 1_000_000;
    await f.poll({ getRemainingTimeInMillis: () => left });
    expect(await f.index.count()).toBe(6);
    expect(await f.queue.counts()).toMatchObject(NOTHING_LEFT);
  });

  it('tries an archived object again when it was brought back, though it is the same', async () => {
    await write('a.png');
    const { get } = f.originals;
    f.originals.get = async () => {
      throw new SemblanceError('image_archived', 'GLACIER');
    };
    notify('ObjectCreated:Put', 'a.png');
    await f.pollAll();
    expect((await f.library.failures()).failures).toMatchObject([{ code: 'image_archived' }]);
    f.originals.get = get;
    notify('ObjectRestore:Completed', 'a.png');
    await f.pollAll();
    expect(await stateOf('a.png')).toBe('indexed');
    expect((await f.library.failures()).failures).toEqual([]);
  });

  it('never drops an image for a look that is forbidden', async () => {
    await write('a.png');
    await f.deliver('a.png');
    f.originals.head = async () => {
      throw new SemblanceError('store_denied', '403');
    };
    notify('ObjectRemoved:Delete', 'a.png');
    await f.poll();
    expect(await stateOf('a.png')).toBe('indexed');
    expect(await f.queue.counts()).toMatchObject({ inWork: 1 });
  });

  it('rejects an event that does not come from a queue', async () => {
    await expect(f.handler({ hello: 'world' }, contextWith({}))).rejects.toThrow();
  });
});
