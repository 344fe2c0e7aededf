import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type FakeHub,
  ignoresRange,
  neverResponses,
  responses,
  serves,
  stalls,
  startFakeHub,
} from '../../tests/models/fake-hub.ts';
import { type DownloadRequest, downloadFile } from './download.ts';

const BODY = randomBytes(100_000);
const SHA256 = createHash('sha256').update(BODY).digest('hex');
const TIMING = { stallMs: 30_000, attempts: 3, backoffMs: 1 };
/** For a server that falls silent. */
const SOON_GIVEN_UP = { ...TIMING, stallMs: 150 };

let folder: string;
let hub: FakeHub;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-download-'));
  hub = await startFakeHub({ 'weights.onnx': BODY });
});
afterEach(async () => {
  await hub.close();
  await rm(folder, { recursive: true });
});

const target = () => join(folder, 'onnx', 'weights.onnx');
const fetchIt = (more: Partial<DownloadRequest> = {}) =>
  downloadFile({
    url: `${hub.baseUrl}/weights.onnx`,
    target: target(),
    bytes: BODY.length,
    sha256: SHA256,
    timing: TIMING,
    ...more,
  });
/** Breaks the connection each time so many more bytes have come. */
const breaking = (...sizes: number[]): Pick<DownloadRequest, 'onBytes'> => {
  let next = 0;
  const stops = sizes.map(size => {
    next += size;
    return next;
  });
  hub.meet(...sizes.map(stalls));
  return {
    onBytes(received) {
      if (received < (stops[0] ?? Number.POSITIVE_INFINITY)) return;
      stops.shift();
      hub.breakConnections();
    },
  };
};
const arrived = async () => {
  expect(await readFile(target())).toEqual(BODY);
  expect(await readdir(join(folder, 'onnx'))).toEqual(['weights.onnx']);
};
const expectNothingInPlace = () => expect(access(target())).rejects.toThrow();

describe('a download', () => {
  it('puts the whole file in place and leaves nothing else behind', async () => {
    const seen: number[] = [];
    const digest = await fetchIt({ onBytes: received => seen.push(received) });
    expect(digest).toEqual({ bytes: BODY.length, sha256: SHA256 });
    expect(seen.at(-1)).toBe(BODY.length);
    await arrived();
  });

  it('goes on after the connection broke, asking only for what is missing', async () => {
    await fetchIt(breaking(60_000));
    await arrived();
    expect(hub.requests[1]?.range).toBe('bytes=60000-');
    expect(hub.requests[1]?.ifRange).toBe(`"${BODY.length}-${BODY[0]}"`);
  });

  it('does not give up while every attempt brings some bytes', async () => {
    await fetchIt(breaking(...Array<number>(8).fill(10_000)));
    await arrived();
  });

  it('goes on after the server fell silent in the middle', async () => {
    hub.meet(stalls(50_000));
    const reasons: string[] = [];
    await fetchIt({ timing: SOON_GIVEN_UP, onRetry: reason => reasons.push(reason) });
    await arrived();
    expect(hub.requests).toHaveLength(2);
    expect(reasons).toEqual([expect.stringContaining('nothing came for 0.15 s')]);
  });

  it('tries again after 503, and says so', async () => {
    hub.meet(responses(503, { 'retry-after': '0' }), responses(503));
    const reasons: string[] = [];
    await fetchIt({ onRetry: reason => reasons.push(reason) });
    await arrived();
    expect(reasons).toEqual([expect.stringContaining('503'), expect.stringContaining('503')]);
  });

  it('is given up when attempts bring nothing', async () => {
    hub.meet(responses(503), neverResponses, responses(503));
    await expect(fetchIt({ timing: SOON_GIVEN_UP })).rejects.toMatchObject({ code: 'model_unreachable' });
    await expectNothingInPlace();
  });

  it('is not tried again when the hub has no such file', async () => {
    const url = `${hub.baseUrl}/nothing`;
    await expect(fetchIt({ url })).rejects.toMatchObject({ code: 'unknown_model' });
    expect(hub.requests).toHaveLength(1);
  });

  it('takes the whole file from a server that ignores ranges', async () => {
    const broken = breaking(60_000);
    hub.meet(ignoresRange);
    await fetchIt(broken);
    await arrived();
  });

  it('starts over when the file has changed since its part was fetched', async () => {
    const changed = randomBytes(90_000);
    const onRetry = () => {
      hub.files['weights.onnx'] = changed;
    };
    await fetchIt({ ...breaking(60_000), bytes: undefined, sha256: undefined, onRetry });
    expect(await readFile(target())).toEqual(changed);
  });

  it('starts over when an earlier part turns out to be of something else', async () => {
    await mkdir(join(folder, 'onnx'));
    await writeFile(`${target()}.part`, randomBytes(60_000));
    await fetchIt();
    await arrived();
  });

  it('starts over when an earlier part is longer than the file', async () => {
    await fetchIt();
    await rm(target());
    await writeFile(`${target()}.part`, randomBytes(BODY.length + 1));
    await fetchIt();
    await arrived();
  });

  it('rejects a wrong file of the right size', async () => {
    const wrong = randomBytes(BODY.length);
    hub.files['weights.onnx'] = wrong;
    await expect(fetchIt()).rejects.toMatchObject({ code: 'model_corrupt' });
    await expectNothingInPlace();
    expect(await readdir(join(folder, 'onnx'))).toEqual([]);
  });

  it('rejects a file of the wrong size without fetching it', async () => {
    hub.meet(serves(Buffer.from('<html>Please log in</html>')));
    await expect(fetchIt()).rejects.toMatchObject({ code: 'model_corrupt' });
    await expectNothingInPlace();
  });

  it('stops when it is aborted, keeps its part, and goes on from there next time', async () => {
    const stop = new AbortController();
    hub.meet(stalls(50_000));
    const onBytes = (received: number) => {
      if (received >= 50_000) stop.abort(new Error('Ctrl-C'));
    };
    await expect(fetchIt({ signal: stop.signal, onBytes })).rejects.toThrow('Ctrl-C');
    await expectNothingInPlace();
    await fetchIt();
    await arrived();
    expect(hub.requests[1]?.range).toBe('bytes=50000-');
  });

  it('arrives whole wherever and however often the connection breaks', async () => {
    const breaks = fc.array(fc.integer({ min: 1, max: 24_000 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(breaks, async sizes => {
        await rm(target(), { force: true });
        await fetchIt(breaking(...sizes));
        await arrived();
      }),
      { numRuns: 15 },
    );
  });
});
