import { isIP } from 'node:net';

/** Whether the peer is this machine: 127.0.0.0/8, ::1, also mapped into IPv6. */
export const isLoopbackAddress = (address: string): boolean =>
  address === '::1' || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address);

/** Whether a host name can only mean this machine (RFC 6761 for localhost). */
export const isLoopbackName = (name: string | undefined): boolean =>
  name !== undefined &&
  (name === 'localhost' ||
    name.endsWith('.localhost') ||
    isLoopbackAddress(name.replace(/^\[(.*)\]$/, '$1')));

/** Whether a host is an address, which no foreign name server can point elsewhere. */
export const isAddress = (name: string | undefined): boolean =>
  name !== undefined && isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;

/** A Host header as a URL, or undefined when it is none. */
export function urlHost(host: string | undefined): URL | undefined {
  return host !== undefined && URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
}

/** Whether a request comes from a page of this very server; a program sends no Origin. */
export function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  return /^https?:$/.test(page.protocol) && page.host === host?.toLowerCase();
}
