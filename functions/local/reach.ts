import { networkInterfaces } from 'node:os';
import type { Config } from '../../shared/config.ts';
import { isLoopbackName } from '../search/origin.ts';
import { isWildcard, urlOf } from './serve.ts';

/**
 * What a person should know where others than this machine can reach the server: under which address, and whether
 * anyone may use it. Nothing where only this machine can.
 * @param port the one that was really taken
 */
export function reachText(
  { host, accessTokens, adminTokens }: Pick<Config, 'host' | 'accessTokens' | 'adminTokens'>,
  port: number,
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): string[] {
  if (isLoopbackName(host)) return [];
  const addresses = Object.values(interfaces)
    .flatMap(each => each ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  const [first] = isWildcard(host) ? addresses.map(({ address }) => address) : [host];
  return [
    ...(first === undefined ? [] : [`From other machines: ${urlOf(first, port)}`]),
    ...(accessTokens.length === 0
      ? [
          `Warning: without SEMBLANCE_ACCESS_TOKENS whoever reaches port ${port} of this machine sees all images.`,
        ]
      : []),
    ...(accessTokens.length > 0 && adminTokens.length === 0
      ? ['Without SEMBLANCE_ADMIN_TOKENS only this machine can add and change images.']
      : []),
  ];
}
