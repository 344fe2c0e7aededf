import { SQSClient } from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeWorkQueue } from '../../tests/contracts/work-queue.ts';
import { SemblanceError } from '../errors.ts';
import { MOST_DELIVERIES, openSqsQueue } from './sqs-queue.ts';

let fauxqs: Awaited<ReturnType<typeof startFauxqs>>;
let client: SQSClient;
let queues = 0;

beforeAll(async () => {
  fauxqs = await startFauxqs({ port: 0, logger: false });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SQSClient({ endpoint: fauxqs.address, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await fauxqs.stop();
});
afterEach(() => {
  vi.useRealTimers();
});

function newQueue() {
  const dead = fauxqs.createQueue(`dead-${++queues}`);
  const name = `work-${queues}`;
  const { queueUrl } = fauxqs.createQueue(name, {
    attributes: {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.queueArn, maxReceiveCount: MOST_DELIVERIES }),
    },
  });
  return { name, queue: openSqsQueue({ client, queueUrl, source: [{ bucket: 'photos', prefix: '' }] }) };
}

describeWorkQueue('SQS', async () => {
  // The server is in this process, so the clock of the test is its clock.
  vi.useFakeTimers({ toFake: ['Date'] });
  return {
    queue: newQueue().queue,
    passSeconds: async seconds => {
      vi.setSystemTime(Date.now() + seconds * 1000);
    },
  };
});

describe('the SQS queue', () => {
  it("reads S3's own notifications, one key each", async () => {
    const { name, queue } = newQueue();
    const record = (key: string) => ({
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: 'photos' }, object: { key } },
    });
    fauxqs.sendMessage(name, JSON.stringify({ Records: [record('one.jpg')] }));
    fauxqs.sendMessage(name, JSON.stringify({ Records: [record('two+2.jpg'), record('three.jpg')] }));
    fauxqs.sendMessage(name, JSON.stringify({ Event: 's3:TestEvent' }));
    const keys = [...(await queue.receive(10, 30)), ...(await queue.receive(10, 30))].map(({ key }) => key);
    expect(keys.sort()).toEqual(['one.jpg', 'three.jpg', 'two 2.jpg']);
    expect(await queue.counts()).toEqual({ waiting: 0, words: 0, inWork: 3, dead: 0 });
  });

  it('keeps what can not be understood in the dead letters, and brings it back on request', async () => {
    const { name, queue } = newQueue();
    fauxqs.sendMessage(name, 'no message of ours');
    expect(await queue.receive(10, 30)).toEqual([]);
    expect(await queue.counts()).toEqual({ waiting: 0, words: 0, inWork: 1, dead: 0 });
    await queue.bury('another');
    expect(await queue.counts()).toEqual({ waiting: 0, words: 0, inWork: 1, dead: 1 });
    expect(await queue.redrive()).toBe(1);
    expect(await queue.counts()).toEqual({ waiting: 1, words: 0, inWork: 1, dead: 0 });
  });

  it('asks for a sweep as the clock does', async () => {
    const { queue } = newQueue();
    await queue.sendSweep();
    expect(await queue.counts()).toMatchObject({ waiting: 1 });
  });

  it('says when the queue is not there or does not respond', async () => {
    const wrong = openSqsQueue({ client, queueUrl: `${fauxqs.address}/000000000000/none` });
    const codeOf = (work: Promise<unknown>) =>
      work.catch(error => error instanceof SemblanceError && error.code);
    expect(await codeOf(wrong.send(['a.jpg']))).toBe('queue_denied');
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const nowhere = new SQSClient({
      endpoint: 'http://127.0.0.1:9',
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
    });
    const lost = openSqsQueue({ client: nowhere, queueUrl: 'http://127.0.0.1:9/0/q' });
    expect(await codeOf(lost.send(['a.jpg']))).toBe('queue_unavailable');
    nowhere.destroy();
  });
});
