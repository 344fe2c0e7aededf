import { describe, expect, it } from 'vitest';
import { reachText } from './reach.ts';

const address = (text: string, internal: boolean) => ({
  address: text,
  internal,
  family: 'IPv4' as const,
  netmask: '',
  mac: '',
  cidr: null,
});
const INTERFACES = { lo: [address('127.0.0.1', true)], eth0: [address('192.168.1.7', false)] };
const text = (host: string, accessTokens: string[] = [], adminTokens: string[] = []) =>
  reachText({ host, accessTokens, adminTokens }, 3000, INTERFACES);

describe('what is printed of who can reach the server', () => {
  it.each(['127.0.0.1', 'localhost', '::1'])('is nothing on %s', host => {
    expect(text(host)).toEqual([]);
  });

  it.each(['0.0.0.0', '::'])('is an address that works and one clear warning on %s without tokens', host => {
    expect(text(host)).toEqual([
      'From other machines: http://192.168.1.7:3000',
      'Warning: without SEMBLANCE_ACCESS_TOKENS whoever reaches port 3000 of this machine sees all images.',
    ]);
  });

  it('is the address alone where both tokens guard it', () => {
    expect(text('192.168.1.7', ['a'], ['b'])).toEqual(['From other machines: http://192.168.1.7:3000']);
  });

  it('is that others can change nothing where only reading is guarded', () => {
    expect(text('0.0.0.0', ['a']).at(-1)).toMatch(/only this machine/);
  });
});
