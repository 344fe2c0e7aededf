import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startCloud } from '../lambda/cloud.ts';
import { galleryImage } from '../local/images.ts';
import { runSemblance } from './semblance.ts';
import { type EmbedProcess, startEmbedProcess } from './stage-worker.ts';

let root: string;
let cloud: Awaited<ReturnType<typeof startCloud>>;
let lambda: Server;
let embed: EmbedProcess;
let here: Record<string, string>;

/** Of the AWS SDK; the rest of a stage's variables come from its function. */
const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-central-1' };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'semblance-stage-'));
  cloud = await startCloud('demo');
  // The response of AWS about the stage's function.
  lambda = createServer((request, response) => {
    const known = request.url?.includes('/functions/semblance-ann-embed/configuration');
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    const { AWS_ENDPOINT_URL: _, ...Variables } = cloud.embedEnvironment;
    response.end(
      JSON.stringify(
        known ? { Environment: { Variables } } : { Message: 'Function not found', Type: 'User' },
      ),
    );
  }).listen(0, '127.0.0.1');
  await once(lambda, 'listening');
  const { port } = lambda.address() as AddressInfo;
  here = {
    ...credentials,
    AWS_ENDPOINT_URL: cloud.embedEnvironment.AWS_ENDPOINT_URL,
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${port}`,
    SEMBLANCE_DATA: join(root, 'data'),
  };
  embed = await startEmbedProcess({ ...credentials, ...cloud.embedEnvironment });
  for (const part of ['panda', 'rocket', 'rainbow'])
    await cloud.put(`${part}.webp`, await readFile(await galleryImage(part)));
  await cloud.put('letter.jpg', Buffer.from('Dear Sir or Madam'));
});
afterAll(async () => {
  await embed.close();
  lambda.close();
  await cloud.close();
  await rm(root, { recursive: true });
});

const RUNTIMES = /^(@huggingface\/transformers|onnxruntime-.*|sharp)$/;

/** Runs the command line, and returns which packages it loaded. */
async function packagesOf(args: readonly string[], environment: Record<string, string>) {
  const recorded = join(root, 'packages');
  const ran = await runSemblance(args, {
    ...environment,
    NODE_OPTIONS: `--import ${new URL('./record-packages.ts', import.meta.url).href}`,
    RECORDED_PACKAGES: recorded,
  });
  return { ...ran, packages: (await readFile(recorded, 'utf8')).split('\n') };
}

const onStage = (...args: string[]) => runSemblance([...args, '--stage', 'ann'], here);
const hitsSchema = z.array(z.object({ file: z.string() }));

describe('a stage, from a laptop with credentials', () => {
  it('is compared with its bucket, and its functions work off what differs', async () => {
    const dry = await onStage('reconcile', '--dry-run');
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/4 images; 4 to index\. Nothing was changed/),
    });
    expect(await onStage('reconcile')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/4 images; 4 to index\. The stage works on them now\./),
    });
    await embed.settle();
    expect((await onStage('reconcile')).stdout).toMatch(/4 images; the index agrees with them\. 1 can't be/);
  });

  it('is searched by text, by an image and by likeness', async () => {
    const found = await onStage('search', 'rocket', '--count', '1', '--json');
    expect(found.code, found.stderr).toBe(0);
    expect(hitsSchema.parse(JSON.parse(found.stdout))).toEqual([
      expect.objectContaining({ file: 's3://originals/rocket.webp' }),
    ]);
    const similar = await onStage('similar', await galleryImage('panda'), '--count', '1', '--json');
    expect(hitsSchema.parse(JSON.parse(similar.stdout))[0]?.file).toBe('s3://originals/panda.webp');
  });

  it.each(['failures', 'reconcile --dry-run', 'doctor'])(
    'needs no runtime of models or images for `%s`',
    async command => {
      const { code, stderr, packages } = await packagesOf([...command.split(' '), '--stage', 'ann'], here);
      expect(code, stderr).toBe(0);
      expect(packages).toContain('@aws-sdk/client-s3');
      expect(packages.filter(name => RUNTIMES.test(name))).toEqual([]);
    },
  );

  it('lists what could not be indexed, and tries it again', async () => {
    expect((await onStage('failures')).stdout).toMatch(/letter\.jpg\n {2}not_an_image: /);
    expect((await onStage('failures', 'retry')).stdout).toBe('1 tried again, the stage works on them now.\n');
    await embed.settle();
  });

  it('prints how each of its services responds', async () => {
    const { code, stdout } = await onStage('doctor');
    expect(stdout).toMatch(
      /ok {3}Qdrant: Qdrant 1\.19\.0 at http.*; 3 images in [0-9a-f]{12}-0f4e3a52-.*, green \(\d+ ms\)/,
    );
    expect(stdout).toMatch(/ok {3}Originals: s3:\/\/originals\/letter\.jpg and others/);
    expect(stdout).toMatch(/ok {3}Derived: s3:\/\/derived\//);
    expect(stdout).toMatch(/ok {3}Queue: 0 waiting, 0 in work or held, 0 dead letters/);
    expect(stdout).toMatch(/QDRANT_API_KEY +\(set, hidden\)/);
    expect(code).toBe(0);
  });

  it('whose images were really removed is brought into agreement by --allow-drop', async () => {
    for (const part of ['panda', 'rocket', 'rainbow']) await cloud.remove(`${part}.webp`);
    await cloud.remove('letter.jpg');
    const rejected = await onStage('reconcile');
    expect(rejected).toMatchObject({ code: 1, stderr: expect.stringMatching(/3 of 3 indexed images/) });
    expect((await onStage('reconcile', '--allow-drop')).stdout).toMatch(/0 images; 3 gone/);
    await embed.settle();
    expect((await onStage('reconcile')).stdout).toMatch(/0 images; the index agrees with them\./);
  });

  it('is also the one that the variables name, unless a folder is', async () => {
    const environment = { ...here, ...cloud.embedEnvironment };
    expect((await runSemblance(['reconcile', '--dry-run'], environment)).stdout).toMatch(/^0 images;/);
    const both = await runSemblance(['failures', '--stage', 'ann', '--folder', root], environment);
    expect(both).toMatchObject({ code: 2, stderr: expect.stringMatching(/not both/) });
  });

  it('that does not exist is named, and so is a service that does not respond, without waiting for it', async () => {
    const unknown = await runSemblance(['failures', '--stage', 'bob'], here);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringMatching(/Stage bob could not be read/) });
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const { code, stdout } = await runSemblance(['doctor'], {
      ...here,
      ...cloud.embedEnvironment,
      QDRANT_URL: `http://127.0.0.1:${port}`,
      SEMBLANCE_QUEUE_URL: `${cloud.embedEnvironment.AWS_ENDPOINT_URL}/000000000000/none`,
    });
    silent.closeAllConnections();
    silent.close();
    expect(code).toBe(1);
    expect(stdout).toMatch(/BAD {2}Qdrant: .*did not respond/);
    expect(stdout).toMatch(/BAD {2}Queue: .*none/);
    expect(stdout).toMatch(/ok {3}Originals/);
  });
});
