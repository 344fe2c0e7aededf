import { expect, test } from 'vitest';
import type { AnnouncedUpload } from './deps.ts';
import { localUploads } from './local-uploads.ts';

const upload: AnnouncedUpload = {
  id: 'b3aff1e9-8085-5300-8e06-37b522384659',
  key: 'uploads/b3aff1e9-8085-5300-8e06-37b522384659.jpeg',
  bytes: 7,
  contentType: 'image/jpeg',
  sha1: 'a'.repeat(40),
  format: 'jpeg',
};
const HOUR = 3_600_000;
const untouched = () => Promise.reject(new Error('touched'));

function uploadsAt(time: { now: number }) {
  const uploads = localUploads({
    originals: { put: untouched } as never,
    queue: { send: untouched },
    now: () => time.now,
  });
  const ticketOf = async () =>
    new URL((await uploads.announce(upload)).url, 'http://x').searchParams.get('ticket') ?? '';
  const open = (ticket: string) => uploads.receiver?.open(ticket);
  return { uploads, ticketOf, open };
}

test('a ticket takes its bytes for an hour, and not a moment longer', async () => {
  const time = { now: 1_000_000 };
  const { uploads, ticketOf, open } = uploadsAt(time);
  const ticket = await ticketOf();
  expect((await uploads.announce(upload)).expiresAt).toEqual(new Date(1_000_000 + HOUR));
  for (const [after, expected] of [
    [0, upload],
    [HOUR - 1, upload],
    [HOUR, null],
    [2 * HOUR, null],
  ] as const) {
    time.now = 1_000_000 + after;
    expect(open(ticket), `${after} ms later`).toEqual(expected);
  }
});

test('no part of a ticket can be changed, nor one of another process be used', async () => {
  const { ticketOf, open } = uploadsAt({ now: 0 });
  const [body = '', signature = ''] = (await ticketOf()).split('.');
  const later = Buffer.from(JSON.stringify({ ...upload, expires: HOUR * 99 })).toString('base64url');
  const other = await uploadsAt({ now: 0 }).ticketOf();
  for (const ticket of [
    '',
    '.',
    body,
    `${body}.`,
    `${later}.${signature}`,
    `${body}.${signature.slice(1)}`,
    other,
  ])
    expect(open(ticket)).toBeNull();
});
