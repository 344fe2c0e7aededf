import { describe, expect, it } from 'vitest';
import { keyMessage, readMessage, type Source, sweepMessage } from './message.ts';

const notification = (...objects: [eventName: string, key: string, bucket?: string][]) =>
  JSON.stringify({
    Records: objects.map(([eventName, key, bucket = 'photos']) => ({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'eu-central-1',
      eventTime: '2026-01-02T03:04:05.678Z',
      eventName,
      s3: {
        s3SchemaVersion: '1.0',
        bucket: { name: bucket },
        object: { key, size: 3, eTag: 'abc', sequencer: '01' },
      },
    })),
  });
const bridged = (type: string, key: string) =>
  JSON.stringify({
    version: '0',
    source: 'aws.s3',
    'detail-type': type,
    detail: { version: '0', bucket: { name: 'photos' }, object: { key, size: 3 }, reason: 'PutObject' },
  });
const own = (key: string) => ({ key, failures: 0, again: false });
const keysOf = (body: string, source?: Source) => readMessage(body, source)?.keys.map(({ key }) => key);

describe('a message', () => {
  it.each([
    'ObjectCreated:Put',
    'ObjectCreated:CompleteMultipartUpload',
    'ObjectRemoved:Delete',
    'ObjectRemoved:DeleteMarkerCreated',
    'LifecycleExpiration:Delete',
    'LifecycleExpiration:DeleteMarkerCreated',
  ])('of S3 about %s says where to look', eventName => {
    expect(readMessage(notification([eventName, 'a.jpg']))).toEqual({
      keys: [{ key: 'a.jpg', again: false, failures: 0 }],
      sweep: null,
    });
  });

  it.each([
    ['new+year+2026.jpg', 'new year 2026.jpg'],
    ['a%2Bb+%26+c.jpg', 'a+b & c.jpg'],
    ['%E6%96%B0%E5%B9%B4/%E7%8C%AB.jpg', '新年/猫.jpg'],
    ['caf%65%CC%81.jpg', 'cafe\u0301.jpg'],
    ['caf%C3%A9.jpg', 'caf\u00e9.jpg'],
    ['%2Fleading%2F..%2F%2Fb.jpg', '/leading/..//b.jpg'],
    ['100%25.jpg', '100%.jpg'],
    ['100%.jpg', '100%.jpg'],
  ])('of S3 has its key encoded: %s', (encoded, key) => {
    expect(keysOf(notification(['ObjectCreated:Put', encoded]))).toEqual([key]);
  });

  it('may have several records; each key comes once', () => {
    const body = notification(
      ['ObjectCreated:Put', 'a.jpg'],
      ['ObjectRemoved:Delete', 'b.jpg'],
      ['ObjectCreated:Put', 'a.jpg'],
    );
    expect(keysOf(body)).toEqual(['a.jpg', 'b.jpg']);
  });

  it('of EventBridge has its key as it is', () => {
    expect(keysOf(bridged('Object Created', '新 年+1.jpg'))).toEqual(['新 年+1.jpg']);
    expect(keysOf(bridged('Object Deleted', 'a%20b.jpg'))).toEqual(['a%20b.jpg']);
  });

  it('about an object brought back from an archive is looked at though it failed before', () => {
    const again = [{ key: 'a.jpg', again: true, failures: 0 }];
    expect(readMessage(notification(['ObjectRestore:Completed', 'a.jpg']))?.keys).toEqual(again);
    expect(readMessage(bridged('Object Restore Completed', 'a.jpg'))?.keys).toEqual(again);
    expect(readMessage(notification(['ObjectRestore:Post', 'a.jpg']))?.keys).toEqual([
      { key: 'a.jpg', again: false, failures: 0 },
    ]);
  });

  it('about another bucket, another prefix or a "folder" is no work', () => {
    const source = [{ bucket: 'photos', prefix: 'in/' }];
    const body = notification(
      ['ObjectCreated:Put', 'in/a.jpg'],
      ['ObjectCreated:Put', 'out/b.jpg'],
      ['ObjectCreated:Put', 'in/'],
      ['ObjectCreated:Put', 'in/c/'],
      ['ObjectCreated:Put', 'in/d.jpg', 'others'],
    );
    expect(keysOf(body, source)).toEqual(['a.jpg']);
  });

  it('is S3 trying the queue, our own key, or the clock asking for a sweep', () => {
    const test = {
      Service: 'Amazon S3',
      Event: 's3:TestEvent',
      Bucket: 'photos',
      RequestId: 'x',
      HostId: 'y',
    };
    expect(readMessage(JSON.stringify(test))).toEqual({ keys: [], sweep: null });
    expect(keysOf(keyMessage(own('新年 "1".jpg')), [{ bucket: 'photos', prefix: 'in/' }])).toEqual([
      '新年 "1".jpg',
    ]);
    expect(keyMessage(own('新年 🐈\uffff.jpg'))).toMatch(/^[ -~]+$/);
    expect(keysOf(keyMessage(own('新年 🐈.jpg')))).toEqual(['新年 🐈.jpg']);
    expect(readMessage('{"semblance":"sweep"}')).toEqual({
      keys: [],
      sweep: { run: null, model: 0 },
    });
  });

  it('of our own may go on with a sweep', () => {
    const sweep = { run: 'abc', model: 1 };
    expect(readMessage(sweepMessage(sweep))).toEqual({ keys: [], sweep });
    expect(JSON.parse(sweepMessage({ run: null, model: 0 }))).toEqual({ semblance: 'sweep' });
  });

  it('of r own may say how often its key failed, and that it is tried again', () => {
    expect(readMessage(keyMessage({ key: '新年.jpg', failures: 3, again: true }))?.keys).toEqual([
      { key: '新年.jpg', again: true, failures: 3 },
    ]);
  });

  it.each(['', 'hello', '{}', '[]', 'null', '{"Records":[{"eventSource":"aws:sns"}]}', '{"key":5}'])(
    'that is none of these is recognised: %s',
    body => expect(readMessage(body)).toBeNull(),
  );
});
