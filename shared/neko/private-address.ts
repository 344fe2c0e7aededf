import { promises as dns, type LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { SemblanceError } from '../errors.ts';

/**
 * Addresses that lead to this machine or its own network rather than to the web: IANA's special-purpose registries
 * (RFC 6890 and later), and IPv4 written as IPv6.
 */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv6');

/** Whether an IP address is none of the public web. BlockList sees through IPv4 that is mapped into IPv6. */
export const isPrivateAddress = (address: string): boolean =>
  PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

export type Lookup = (name: string) => Promise<readonly LookupAddress[]>;
const lookupAll: Lookup = name => dns.lookup(name, { all: true });

/**
 * Rejects a URL whose host is, or is a name of, an address of a private network. It is looked up here and once more
 * by the download, so a name server that responds differently each time is not excluded.
 * @throws picture_unreachable
 */
export async function assertPublic(url: URL, lookup: Lookup = lookupAll): Promise<void> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  // A name that is unknown here fails in the download, or only the proxy knows it.
  const found = isIP(host) ? [{ address: host }] : await lookup(host).catch(() => []);
  const address = found.find(each => isPrivateAddress(each.address))?.address;
  if (address === undefined) return;
  const what = address === host ? '' : ` (${address})`;
  throw new SemblanceError(
    'picture_unreachable',
    `${url} leads into your own network${what}; --fetch-private follows such addresses too`,
  );
}
