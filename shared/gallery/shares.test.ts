import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Log } from '../log.ts';
import { openFolderStore } from '../objects/folder-store.ts';
import { openShares, type Shares, tokenOf } from './shares.ts';

const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const shows = { image: 'b3aff1e9-8085-5300-8e06-37b522384659' };
let folder: string;
let time: Date;
let shares: Shares;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-shares-'));
  time = new Date('2026-03-01T12:00:00.400Z');
  shares = openShares({ derived: await openFolderStore(folder), log }, () => time);
});
afterEach(() => rm(folder, { recursive: true }));

const invalid = expect.objectContaining({ code: 'share_invalid' });

it('a link shows what it was made for until it expires', async () => {
  const share = await shares.add(shows, 60);
  const token = tokenOf(share);
  time = new Date('2026-03-01T12:00:59Z');
  expect((await shares.open(token)).shows).toEqual(shows);
  expect(await shares.list()).toHaveLength(1);
  time = new Date('2026-03-01T12:01:00Z');
  await expect(shares.open(token)).rejects.toEqual(invalid);
  expect(await shares.list()).toEqual([]);
});

it('a revoked link works no more', async () => {
  const share = await shares.add(shows, 60);
  await shares.remove(share.id);
  await expect(shares.open(tokenOf(share))).rejects.toEqual(invalid);
});

it('no part of a link can be changed, its expiry neither', async () => {
  const share = await shares.add(shows, 60);
  const [id, expires = '', signature = ''] = tokenOf(share).split('.');
  for (const token of [
    '',
    '.',
    '..',
    `${id}`,
    `${id}.${expires}`,
    `${id}.${expires}.`,
    `${id}.${Number(expires) + 60}.${signature}`,
    `${id}.${expires}.${signature.slice(1)}`,
    `${id}.${expires}.${signature.replace(/^./, first => (first === 'A' ? 'B' : 'A'))}`,
    `${id}.${expires}.${signature}.x`,
    `../${id}.${expires}.${signature}`,
    tokenOf({ ...share, secret: 'guessed' }),
    tokenOf({ ...share, expires: '2027-01-01T00:00:00.000Z' }),
  ])
    await expect(shares.open(token), token).rejects.toEqual(invalid);
});

it('what has expired makes room for what comes', async () => {
  await shares.add(shows, 60);
  time = new Date('2026-03-02T12:00:00Z');
  await shares.add(shows, 60);
  const store = await openFolderStore(folder);
  const keys: string[] = [];
  for await (const { key } of store.list('shares/')) keys.push(key);
  expect(keys).toHaveLength(1);
});
