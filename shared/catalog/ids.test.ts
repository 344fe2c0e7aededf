import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOOKALIKE_KEYS } from '../../tests/contracts/names.ts';
import { idOfKey, imageIdSchema, keyId, parseOwnKey, sha1Hex, uploadId, uploadKey } from './ids.ts';

const NAMESPACE = '0f3b8a52-6c1d-4c8e-9b7a-2d5e8f1a3c4b';

describe('the id of an upload', () => {
  it('is the one that NekoImageGallery gives the same bytes', () => {
    expect(uploadId('648351f7cbd472d0ca23eadccf3b9e619ec9adda')).toBe('b3aff1e9-8085-5300-8e06-37b522384659');
  });

  it('does not depend on the case of the SHA-1', () => {
    const sha1 = sha1Hex(Uint8Array.of(1, 2, 3));
    expect(uploadId(sha1.toUpperCase())).toBe(uploadId(sha1));
  });

  it('can be read back from its key', () => {
    const id = uploadId('648351f7cbd472d0ca23eadccf3b9e619ec9adda');
    expect(parseOwnKey(uploadKey(id, 'jpeg', true))).toEqual({ area: 'uploads', id, format: 'jpeg' });
    expect(parseOwnKey(uploadKey(id, 'webp', false))).toEqual({ area: 'remote', id, format: 'webp' });
    expect(idOfKey(uploadKey(id, 'png', true), NAMESPACE)).toBe(id);
  });
});

describe('the id of any other object', () => {
  it('is that of the exact key: names that are alike in a Unicode normal form are different images', () => {
    expect(new Set(LOOKALIKE_KEYS.map(key => keyId(key, NAMESPACE))).size).toBe(LOOKALIKE_KEYS.length);
  });

  it('of a name in normal form C is what it always was', () => {
    expect(keyId('Fotos/café.jpg', '0f3b8a52-6c1d-4c8e-9b7a-2d5e8f1a3c4c')).toBe(
      '9060b0f5-27a5-59be-a6a1-8be2282d1695',
    );
  });

  it('differs between namespaces and between keys', () => {
    expect(keyId('a.jpg', NAMESPACE)).not.toBe(keyId('a.jpg', '0f3b8a52-6c1d-4c8e-9b7a-2d5e8f1a3c4c'));
    expect(keyId('a.jpg', NAMESPACE)).not.toBe(keyId('b.jpg', NAMESPACE));
  });

  it.each([
    'uploads/holiday.jpg',
    'uploads/2024/x.png',
    'x/uploads/b3aff1e9-8085-5300-8e06-37b522384659.png',
  ])('is taken for a key that only looks like an upload: %s', key => {
    expect(parseOwnKey(key)).toBeNull();
    expect(idOfKey(key, NAMESPACE)).toBe(keyId(key, NAMESPACE));
  });
});

describe('an id from outside', () => {
  it('may be in any case, with or without hyphens', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.boolean(), fc.boolean(), (id, upper, bare) => {
        const cased = upper ? id.toUpperCase() : id;
        expect(imageIdSchema.parse(bare ? cased.replaceAll('-', '') : cased)).toBe(id);
      }),
    );
  });

  it.each(['', 'x', '../../etc/passwd', 'b3aff1e9-8085-5300-8e06-37b52238465', 'g'.repeat(32)])(
    'is rejected when it is none: %j',
    text => {
      expect(imageIdSchema.safeParse(text).success).toBe(false);
    },
  );
});
