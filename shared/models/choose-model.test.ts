import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeHub, neverResponses, startFakeHub } from '../../tests/models/fake-hub.ts';
import { tinyHubModel } from '../../tests/models/tiny-model.ts';
import { type ChooseOptions, chooseModel } from './choose-model.ts';

let cacheFolder: string;
let hub: FakeHub;
beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'semblance-choose-'));
  hub = await startFakeHub({});
});
afterEach(async () => {
  await hub.close();
  await rm(cacheFolder, { recursive: true });
});

const choose = (more: Partial<ChooseOptions>) =>
  chooseModel({
    requested: undefined,
    folderGiven: true,
    cacheFolder,
    baseUrl: hub.baseUrl,
    probeMs: 30_000,
    timing: { stallMs: 30_000, attempts: 2, backoffMs: 1 },
    ...more,
  });

describe('the model of the laptop', () => {
  it('is the demo model for the demo gallery, and the hub is not asked', async () => {
    const choice = await choose({ folderGiven: false });
    expect(choice).toMatchObject({ model: { name: 'demo' }, fallback: null });
    expect(hub.requests).toEqual([]);
  });

  it('falls back to the demo model where nothing listens, and says so', async () => {
    await hub.close();
    const choice = await choose({});
    expect(choice.model.demo).toBe(true);
    expect(choice.fallback?.wanted).toBe('clip-vit-base-patch32');
    expect(choice.fallback?.reason).toContain('ECONNREFUSED');
    expect(choice.fallback?.statement).toContain('models pull');
    hub = await startFakeHub({});
  });

  it('falls back when the hub takes the connection and never responds', async () => {
    hub.meet(neverResponses);
    const choice = await choose({ probeMs: 100 });
    expect(choice.fallback?.reason).toContain('did not respond within 0.1 s');
  });

  it('falls back when what responds is not a hub', async () => {
    expect((await choose({})).fallback?.reason).toContain('responded with 404');
  });

  it('falls back when a login page responds instead of the hub', async () => {
    const path = 'Xenova/clip-vit-base-patch32/resolve/d15189d7028b43f1d3e65039190477f6af591c2a/config.json';
    hub.files[path] = Buffer.from('<html>Log in to the Wi-Fi</html>');
    expect((await choose({})).fallback?.wanted).toBe('clip-vit-base-patch32');
  });

  it('is never replaced when it was named explicitly', async () => {
    await hub.close();
    const named = choose({ requested: 'clip-vit-base-patch32' });
    await expect(named).rejects.toMatchObject({ code: 'model_unreachable' });
    await expect(choose({ requested: 'no such' })).rejects.toMatchObject({ code: 'unknown_model' });
    hub = await startFakeHub({});
  });

  it('can be named as org/name, is fetched, and is there next time without a hub', async () => {
    const { row, files } = await tinyHubModel('org/own');
    Object.assign(hub.files, files);
    const requested = `org/own@${row.revision}`;
    const first = await choose({ requested });
    expect(first).toMatchObject({ model: { name: requested, demo: false }, fallback: null });
    const asked = hub.requests.length;
    expect(await choose({ requested })).toEqual(first);
    expect(hub.requests).toHaveLength(asked);
  });

  it('is not replaced when the person stops the download', async () => {
    const stop = AbortSignal.abort(new Error('Ctrl-C'));
    await expect(choose({ signal: stop })).rejects.toThrow('Ctrl-C');
  });
});
