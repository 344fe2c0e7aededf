import { createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mediaUrls } from './media-urls.ts';

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});
const NOON = Date.parse('2026-03-01T12:00:00Z');
const at = (now: number) =>
  mediaUrls({
    url: 'https://images.example.org',
    keyPairId: 'K123',
    privateKey: pair.privateKey,
    now: () => now,
  });

/** What CloudFront checks: its own base64 alphabet, and a policy made of URL and expiry. */
function verify(url: string): { resource: string; expires: number; valid: boolean } {
  const signed = new URL(url);
  const expires = Number(signed.searchParams.get('Expires'));
  const signature = (signed.searchParams.get('Signature') ?? '').replace(
    /[-_~]/g,
    character => ({ '-': '+', _: '=', '~': '/' })[character] ?? '',
  );
  for (const name of ['Expires', 'Signature', 'Key-Pair-Id']) signed.searchParams.delete(name);
  const resource = signed.toString();
  const policy = JSON.stringify({
    Statement: [{ Resource: resource, Condition: { DateLessThan: { 'AWS:EpochTime': expires } } }],
  });
  const valid = createVerify('RSA-SHA1').update(policy).verify(pair.publicKey, signature, 'base64');
  return { resource, expires, valid };
}

describe('a signed URL of a derived image', () => {
  it('passes the check of CloudFront, for this object and version alone', () => {
    const { resource, valid } = verify(at(NOON)('thumbnails/a.webp', '"etag"'));
    expect(valid).toBe(true);
    expect(resource).toBe('https://images.example.org/thumbnails/a.webp?v=%22etag%22');
    expect(
      verify(at(NOON)('thumbnails/a.webp', '"etag"').replace('thumbnails/a', 'thumbnails/b')).valid,
    ).toBe(false);
  });

  it('is the same whoever signs and for half a day, and then another', () => {
    const url = at(NOON)('previews/a.webp', 'v1');
    expect(at(NOON + 11 * 3_600_000)('previews/a.webp', 'v1')).toBe(url);
    expect(at(NOON + 12 * 3_600_000)('previews/a.webp', 'v1')).not.toBe(url);
  });

  it('lasts between half a day and a day', () => {
    for (const hour of [0, 6, 11.9]) {
      const now = NOON + hour * 3_600_000;
      const { expires } = verify(at(now)('previews/a.webp', 'v1'));
      const hours = (expires * 1000 - now) / 3_600_000;
      expect(hours).toBeGreaterThan(12);
      expect(hours).toBeLessThanOrEqual(24);
    }
  });

  it('is another for another version of the image', () => {
    expect(at(NOON)('previews/a.webp', 'v1')).not.toBe(at(NOON)('previews/a.webp', 'v2'));
  });
});
