// One evaluation of sst.config.ts, in a process of its own (see evaluate.ts). It does what the CLI of SST does
// around a deploy: bundles the configuration with its globals (pkg/js/js.go), evaluates app() (project.go) and
// runs run() as a Pulumi program. Three things behind process borders are replaced: Pulumi's engine by its own
// mocks, the CLI's RPC server and AWS by fixed responses.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type Resource, requestSchema } from './evaluate.ts';
import { ACCOUNT, type Inputs, lookUp, madeBy } from './fake-aws.ts';

const request = requestSchema.parse(JSON.parse(process.argv[2] ?? ''));
const root = join(import.meta.dirname, '..', '..');
const configFile = join(root, 'sst.config.ts');
const platform = join(root, '.sst', 'platform');
const fromPlatform = createRequire(join(platform, 'package.json'));
const pulumi = fromPlatform('@pulumi/pulumi');
const esbuild = fromPlatform('esbuild');

const providerLockSchema = z.array(z.looseObject({ package: z.string(), alias: z.string() }));
const appSchema = z.looseObject({
  name: z.string(),
  home: z.string(),
  removal: z.string().default('retain'),
  protect: z.boolean().default(false),
  providers: z.looseObject({ aws: z.looseObject({ region: z.string() }) }),
});

const bundles: string[] = [];

/** Bundles and imports code that has the globals of SST: `sst`, the providers, `$app` and so on. */
async function importWith(
  code: string,
  options: { define: Record<string, string>; banner?: string; globals?: string; inject?: string[] },
) {
  // Inside the platform, so that what stays external resolves there.
  const outfile = join(platform, `semblance-${process.pid}-${bundles.length}.mjs`);
  bundles.push(outfile);
  await esbuild.build({
    stdin: { contents: code, resolveDir: root, loader: 'ts' },
    banner: {
      js: [
        `import { createRequire as semblanceRequire } from 'node:module';`,
        `const require = semblanceRequire(import.meta.url);`,
        `const __dirname = import.meta.dirname, __filename = import.meta.filename;`,
        options.banner ?? '',
      ].join('\n'),
    },
    define: options.define,
    inject: options.inject ?? [],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    nodePaths: [join(platform, 'node_modules')],
    logLevel: 'silent',
    external: [
      '@pulumi/*',
      '@pulumiverse/*',
      '@sst-provider/*',
      '@aws-sdk/*',
      'undici',
      'esbuild',
      'archiver',
      'glob',
      'vite',
    ],
    plugins: options.globals === undefined ? [] : [prepend(options.globals)],
  });
  return import(pathToFileURL(outfile).href);
}

/** Puts the imports of SST's globals before every module of the project. */
const prepend = (globals: string) => ({
  name: 'globals',
  setup(build: { onLoad(match: object, load: (args: { path: string }) => object | undefined): void }) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) =>
      path.startsWith(join(root, 'stacks')) || path === configFile
        ? { contents: `${globals}\n${readFileSync(path, 'utf8')}`, loader: 'ts' }
        : undefined,
    );
  },
});

async function evaluateApp() {
  const { default: config } = await importWith(
    `import config from ${JSON.stringify(configFile)}; export default config;`,
    {
      banner: 'const $config = input => input;',
      define: {},
    },
  );
  return appSchema.parse(await config.app({ stage: request.stage }));
}

/** The CLI serves its components over HTTP. */
async function startCli(region: string) {
  const responses: Record<string, unknown> = {
    'Provider.Aws.Bootstrap': {
      version: 1,
      asset: 'sst-asset-test',
      state: 'sst-state-test',
      assetEcrRegistryId: ACCOUNT,
      assetEcrUrl: `${ACCOUNT}.dkr.ecr.${region}.amazonaws.com/sst-asset`,
      appsyncHttp: 'appsync.test',
      appsyncRealtime: 'realtime.test',
    },
  };
  const server = createServer(async (incoming, response) => {
    const { method } = z.looseObject({ method: z.string() }).parse(JSON.parse(await text(incoming)));
    const result = responses[method];
    response.setHeader('connection', 'close');
    response.end(
      JSON.stringify(result ? { result } : { error: `the fake CLI has no response for ${method}` }),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  process.env['SST_SERVER'] = `http://127.0.0.1:${port}`;
}

/** Takes Pulumi's wrapping off secrets and notes where they were. */
function unwrap(value: unknown, path: string, secretPaths: string[]): unknown {
  if (Array.isArray(value)) return value.map((item, i) => unwrap(item, `${path}[${i}]`, secretPaths));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  const { specialSigKey, specialSecretSig } = pulumi.runtime;
  if (entries.some(([key, tag]) => key === specialSigKey && tag === specialSecretSig)) {
    secretPaths.push(path);
    return unwrap(Object.fromEntries(entries)['value'], path, secretPaths);
  }
  return Object.fromEntries(
    entries.map(([key, item]) => [key, unwrap(item, path === '' ? key : `${path}.${key}`, secretPaths)]),
  );
}

/** The part of Pulumi's protobuf message that is read here. */
type RegisterRequest = {
  getType(): string;
  getName(): string;
  getObject(): { toJavaScript(): unknown };
  getRetainondelete(): boolean | undefined;
  getDependenciesList(): string[];
};

/** Reads each request at the monitor: Pulumi's mocks leave out options such as retainOnDelete. */
function recordRequests(): Resource[] {
  const resources: Resource[] = [];
  const monitor = pulumi.runtime.getMonitor();
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (req: RegisterRequest, callback: unknown) => {
    const secretPaths: string[] = [];
    resources.push({
      type: req.getType(),
      name: req.getName(),
      inputs: z
        .record(z.string(), z.unknown())
        .parse(unwrap(req.getObject().toJavaScript(), '', secretPaths)),
      secretPaths,
      retainOnDelete: req.getRetainondelete() ?? false,
      dependsOn: req.getDependenciesList(),
    });
    return register(req, callback);
  };
  return resources;
}

async function main() {
  const app = await evaluateApp();
  const { region } = app.providers.aws;
  await startCli(region);
  for (const [name, value] of Object.entries(request.secrets)) process.env[`SST_SECRET_${name}`] = value;

  await pulumi.runtime.setMocks(
    {
      call: ({ token, inputs }: { token: string; inputs: Inputs }) => lookUp(token, inputs, region),
      newResource: ({ type, name, inputs }: { type: string; name: string; inputs: Inputs }) => {
        if (request.preview) return { id: undefined, state: inputs };
        const made = madeBy(
          type,
          name,
          z.record(z.string(), z.unknown()).parse(unwrap(inputs, '', [])),
          region,
        );
        return { id: made['id'] ?? `${name}-id`, state: { ...inputs, ...made } };
      },
    },
    app.name,
    request.stage,
    request.preview,
  );
  const resources = recordRequests();

  const lock = providerLockSchema.parse(
    JSON.parse(readFileSync(join(root, '.sst', 'provider-lock.json'), 'utf8')),
  );
  const { default: program } = await importWith(
    `import { run } from ${JSON.stringify(join(platform, 'src/auto/run.ts'))};
     import config from ${JSON.stringify(configFile)};
     export default () => run(config.run);`,
    {
      define: {
        $app: JSON.stringify({ ...app, stage: request.stage }),
        $cli: JSON.stringify({
          command: 'deploy',
          dev: false,
          paths: {
            home: request.project,
            root: request.project,
            work: join(request.project, '.sst'),
            platform,
          },
          state: { version: {} },
        }),
        $dev: 'false',
      },
      inject: [join(platform, 'src/shim/run.js')],
      globals: [
        ...lock.map(provider => `import * as ${provider.alias} from '${provider.package}';`),
        `import * as sst from ${JSON.stringify(join(platform, 'src/components'))};`,
      ].join('\n'),
    },
  );

  // Components make resources in callbacks that nothing awaits; like the engine, wait until all is quiet.
  let outputs: unknown;
  process.once('beforeExit', () => {
    if (outputs === undefined) throw new Error('run() waits for something that never comes');
    writeFileSync(request.resultFile, JSON.stringify({ app, resources, outputs }));
  });
  await pulumi.runtime.runInPulumiStack(async () => {
    const declared = await program();
    pulumi.output(declared).apply((known: unknown) => {
      outputs = known ?? {};
    });
    return declared;
  });
  if (request.preview) outputs ??= {};
}

process.once('exit', () => bundles.map(file => rmSync(file, { force: true })));
main().catch(error => {
  console.error(error);
  process.exit(1);
});
