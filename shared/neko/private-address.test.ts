import { describe, expect, it } from 'vitest';
import { assertPublic, isPrivateAddress } from './private-address.ts';

describe('a private address', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
  ])('is %s', address => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(['8.8.8.8', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    'is not %s',
    address => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );
});

describe('an address of the old server', () => {
  const lookup = async (name: string) => [
    { address: name === 'inside.example' ? '10.0.0.9' : '93.184.216.34', family: 4 },
  ];

  it.each(['http://inside.example/a.png', 'http://[::1]/a.png', 'http://0x7f.1/a.png', 'http://2130706433/'])(
    '%s is rejected as private, however it is written',
    async url => {
      await expect(assertPublic(new URL(url), lookup)).rejects.toMatchObject({
        code: 'picture_unreachable',
        message: expect.stringContaining('your own network'),
      });
    },
  );

  it('of the web is followed', async () => {
    await expect(assertPublic(new URL('https://example.org/a.png'), lookup)).resolves.toBeUndefined();
  });
});
