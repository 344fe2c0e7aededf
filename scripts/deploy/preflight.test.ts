import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatChecks } from './finding.ts';
import { type PreflightOptions, preflight } from './preflight.ts';
import type { Ran, Tools } from './tools.ts';

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** A project with these settings of the stage `ann`, and a Dockerfile. */
function project({ settings, base = 'nodejs:24' }: { settings?: object; base?: string } = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'semblance-preflight-'));
  roots.push(root);
  writeFileSync(join(root, 'Dockerfile'), `ARG BASE=${base}\nFROM \${BASE}\n`);
  mkdirSync(join(root, 'stacks', 'stages'), { recursive: true });
  if (settings) writeFileSync(join(root, 'stacks', 'stages', 'ann.json'), JSON.stringify(settings));
  return root;
}

const printed = (stdout: string): Ran => ({ code: 0, stdout, stderr: '' });
const failed = (stderr: string): Ran => ({ code: 255, stdout: '', stderr });
const MISSING: Ran = { code: null, stdout: '', stderr: '' };

const SECRETS = {
  QdrantUrl: 'https://q.example:6333',
  QdrantApiKey: 'key',
  AccessTokens: 'one,two',
  AdminTokens: 'three',
  AlarmEmail: 'ann@example.org',
};
const listed = (secrets: object): Ran =>
  printed(
    `# semblance/ann\n${Object.entries(secrets)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n')}\n`,
  );

/** Programs of a machine on which everything is right, by the beginning of their command line. */
const PROGRAMS: Readonly<Record<string, Ran>> = {
  'docker version': printed('28.2.2\n'),
  'docker buildx': printed('github.com/docker/buildx v0.24.0 abc\n'),
  'aws sts': printed(
    JSON.stringify({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:role/deploy' }),
  ),
  'aws lambda': printed(JSON.stringify({ AccountLimit: { ConcurrentExecutions: 1000 } })),
  'aws s3api get-bucket-location': printed(JSON.stringify({ LocationConstraint: 'eu-central-1' })),
  'aws s3api get-bucket-notification': printed(JSON.stringify({ EventBridgeConfiguration: {} })),
  'npx --no-install sst secret': listed(SECRETS),
};

type World = {
  programs?: Readonly<Record<string, Ran>>;
  /** Qdrant's responses by path; an Error where none comes. */
  qdrant?: Readonly<Record<string, { status: number; body?: object } | Error>>;
};

function tools({ programs = {}, qdrant = {} }: World): Tools & { asked: string[] } {
  const known = { ...PROGRAMS, ...programs };
  const responses = {
    '/': { status: 200, body: { title: 'qdrant - vector search engine', version: '1.19.0' } },
    '/collections': { status: 200, body: {} },
    ...qdrant,
  };
  const asked: string[] = [];
  return {
    asked,
    async run(command, args) {
      const line = [command, ...args].join(' ');
      asked.push(line);
      const found = Object.keys(known).find(start => line.startsWith(start));
      return found === undefined ? MISSING : (known[found] ?? MISSING);
    },
    async fetch(url) {
      const response = Object.entries(responses).find(([path]) => new URL(url).pathname === path)?.[1];
      if (!response) throw new Error(`nothing at ${url}`);
      if (response instanceof Error) throw new TypeError('fetch failed', { cause: response });
      return Response.json(response.body ?? null, { status: response.status });
    },
  };
}

const check = async (world: World = {}, options: Partial<PreflightOptions> = {}) => {
  const checks = await preflight({
    tools: tools(world),
    root: project(),
    stage: 'ann',
    models: ['demo'],
    modelCache: '/nowhere',
    nodeVersion: 'v24.0.0',
    ...options,
  });
  return Object.fromEntries(checks.map(({ name, finding }) => [name, finding]));
};

describe('the preflight of a deploy', () => {
  it('finds nothing to stop where everything is right', async () => {
    const findings = await check();
    expect(Object.entries(findings).filter(([, { type }]) => type === 'problem')).toEqual([]);
    expect(Object.keys(findings)).toEqual([
      ...['stage', 'node', 'docker', 'models', 'base image'],
      ...['settings', 'credentials', 'region', 'bucket', 'secrets', 'qdrant'],
    ]);
  });

  it.each<[string, string, World, Partial<PreflightOptions>, RegExp]>([
    ['a stage name that AWS rejects', 'stage', {}, { stage: 'Ann_1' }, /lower-case/],
    ['a stage name that is too long', 'stage', {}, { stage: 'a'.repeat(31) }, /30 characters/],
    ['an old Node', 'node', {}, { nodeVersion: 'v18.20.0' }, /too old/],
    ['no Docker', 'docker', { programs: { 'docker version': MISSING } }, {}, /no Docker engine/],
    ['no buildx', 'docker', { programs: { 'docker buildx': failed('unknown command') } }, {}, /no buildx/],
    [
      'a model that was not fetched',
      'models',
      {},
      { models: ['clip-vit-base-patch32'] },
      /not on this machine/,
    ],
    ['an unknown model', 'models', {}, { models: ['clop'] }, /clop/],
    ['no AWS CLI', 'credentials', { programs: { 'aws sts': MISSING } }, {}, /AWS CLI is not there/],
    [
      'an expired login',
      'credentials',
      { programs: { 'aws sts': failed('x\nToken has expired') } },
      {},
      /expired/,
    ],
    [
      'a region that is off',
      'region',
      { programs: { 'aws lambda': failed('AccessDenied') } },
      {},
      /AccessDenied/,
    ],
    [
      'a blank token list',
      'secrets',
      { programs: { 'npx --no-install sst secret': listed({ ...SECRETS, AccessTokens: ' , ' }) } },
      {},
      /AccessTokens is blank/,
    ],
    [
      'a missing secret',
      'secrets',
      { programs: { 'npx --no-install sst secret': listed({ QdrantUrl: 'https://q.example:6333' }) } },
      {},
      /QdrantApiKey is not set; AccessTokens is not set/,
    ],
    [
      'a token that no header can carry',
      'secrets',
      { programs: { 'npx --no-install sst secret': listed({ ...SECRETS, AdminTokens: 'schlüssel' }) } },
      {},
      /AdminTokens has a character/,
    ],
    [
      'secrets that SST can not list',
      'secrets',
      { programs: { 'npx --no-install sst secret': failed('no bucket') } },
      {},
      /no bucket/,
    ],
    ['a Qdrant that is away', 'qdrant', { qdrant: { '/': new Error('ECONNREFUSED') } }, {}, /ECONNREFUSED/],
    ['a wrong key', 'qdrant', { qdrant: { '/collections': { status: 403 } } }, {}, /rejects the key/],
    [
      'a Qdrant that is too old',
      'qdrant',
      { qdrant: { '/': { status: 200, body: { title: 'qdrant', version: '1.12.4' } } } },
      {},
      /1\.12\.4/,
    ],
    ['something else at its URL', 'qdrant', { qdrant: { '/': { status: 404 } } }, {}, /is no Qdrant/],
  ])('stops at %s, with a remedy', async (_, name, world, options, text) => {
    const finding = (await check(world, options))[name];
    expect(finding).toMatchObject({ type: 'problem', detail: expect.stringMatching(text) });
    expect(finding && 'remedy' in finding && finding.remedy.length).toBeGreaterThan(5);
  });

  it('stops at settings that are wrong, and names the field', async () => {
    const root = project({ settings: { embed: { memory: 1 } } });
    expect((await check({}, { root }))['settings']).toMatchObject({
      type: 'problem',
      detail: expect.stringContaining('embed.memory'),
    });
  });

  it('stops production on a base image that can change under it, and only warns a personal stage', async () => {
    expect((await check())['base image']?.type).toBe('warning');
    expect((await check({}, { stage: 'production' }))['base image']?.type).toBe('problem');
    const root = project({ base: `nodejs:24@sha256:${'4'.repeat(64)}` });
    expect((await check({}, { stage: 'production', root }))['base image']?.type).toBe('good');
  });

  it('warns where a few functions at once are all that the account may run', async () => {
    const limits = printed(JSON.stringify({ AccountLimit: { ConcurrentExecutions: 9 } }));
    expect((await check({ programs: { 'aws lambda': limits } }))['region']).toMatchObject({
      type: 'warning',
      detail: expect.stringContaining('9 functions at once'),
    });
  });

  it('checks an existing bucket: its region, and whether it sends its changes to EventBridge', async () => {
    const root = project({ settings: { existingBucket: 'family-photos' } });
    const bucket = async (programs: World['programs'] = {}) =>
      (await check({ programs }, { root }))['bucket'];
    expect((await bucket())?.type).toBe('good');
    expect(await bucket({ 'aws s3api get-bucket-notification': printed('{}') })).toMatchObject({
      type: 'problem',
      remedy: expect.stringContaining('EventBridge'),
    });
    const elsewhere = printed(JSON.stringify({ LocationConstraint: 'us-west-2' }));
    expect(await bucket({ 'aws s3api get-bucket-location': elsewhere })).toMatchObject({ type: 'problem' });
    expect(await bucket({ 'aws s3api get-bucket-location': failed('NoSuchBucket') })).toMatchObject({
      detail: expect.stringContaining('NoSuchBucket'),
    });
  });

  it('asks SST for nothing while stage, settings or credentials are wrong', async () => {
    for (const [world, options] of [
      [{}, { stage: 'Ann' }],
      [{}, { root: project({ settings: { nope: 1 } }) }],
      [{ programs: { 'aws sts': MISSING } }, {}],
    ] as const) {
      const used = tools(world);
      await check(world, { ...options, tools: used });
      expect(used.asked.filter(line => line.includes('sst'))).toEqual([]);
    }
  });

  it('prints one line a check, and below those that ask for something, what', async () => {
    const checks = await preflight({
      tools: tools({ programs: { 'docker version': MISSING } }),
      root: project(),
      stage: 'ann',
      models: ['demo'],
      modelCache: '/nowhere',
      nodeVersion: 'v24.0.0',
    });
    const lines = formatChecks(checks).split('\n');
    expect(lines.filter(line => /^ +→ /.test(line))).toHaveLength(2);
    expect(lines.find(line => line.startsWith(' STOP  docker'))).toBeDefined();
    expect(lines).toHaveLength(checks.length + 2);
  });
});
