import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvents, type ServerEvent } from './event-stream.ts';

async function read(chunks: readonly string[]): Promise<ServerEvent[]> {
  async function* stream() {
    yield* chunks;
  }
  const events: ServerEvent[] = [];
  for await (const event of readEvents(stream())) events.push(event);
  return events;
}

const STREAM = [
  ': a comment keeps the connection open',
  '',
  'event: progress',
  'data: {"done":1}',
  '',
  'id: 7',
  'data: two',
  'data:lines',
  '',
  'event: cut off',
  'data: no blank line follows',
].join('\n');

const EVENTS = [
  { event: 'progress', data: '{"done":1}' },
  { event: 'message', data: 'two\nlines' },
];

describe('readEvents', () => {
  it('reads names and data, and leaves out comments and what was cut off', async () => {
    expect(await read([STREAM])).toEqual(EVENTS);
  });

  it('passes on after how long the server wants a new request', async () => {
    const waits: number[] = [];
    async function* stream() {
      yield 'retry: 15000\nretry: soon\n\n';
    }
    for await (const _ of readEvents(stream(), { onRetry: ms => waits.push(ms) }));
    expect(waits).toEqual([15_000]);
  });

  it('reads the same wherever the stream is cut, with any line ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat({ max: STREAM.length }), { maxLength: 12 }),
        async (lineEnd, cuts) => {
          const text = STREAM.replaceAll('\n', lineEnd);
          const at = [0, ...cuts.sort((a, b) => a - b), text.length];
          const chunks = at.slice(1).map((end, i) => text.slice(at[i], end));
          expect(await read(chunks)).toEqual(EVENTS);
        },
      ),
    );
  });
});
