import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TREE } from './config.ts';
import { currentStage } from './stage.ts';

/** One image for both functions, in a repository of this stage's own. */
export function createImage() {
  const { architecture, production } = currentStage();
  const manifest = readManifest(architecture);
  const dockerfile = join($cli.paths.root, 'Dockerfile');
  if (production) assertPinned(dockerfile);
  const repository = new aws.ecr.Repository('ImageRepository', {
    name: `${$app.name}-${$app.stage}`,
    forceDelete: !production,
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: 'AES256' }],
  });
  new aws.ecr.LifecyclePolicy('ImageRepositoryLifecycle', {
    repository: repository.name,
    policy: JSON.stringify({
      rules: [
        {
          rulePriority: 1,
          description: 'the last 10 replaced images are kept, to go back to',
          selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 10 },
          action: { type: 'expire' },
        },
      ],
    }),
  });

  // Lambda fetches the image again after a function was idle for weeks, so the grant is stated.
  const pull = new aws.ecr.RepositoryPolicy('ImageRepositoryPolicy', {
    repository: repository.name,
    policy: $jsonStringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'LambdaPull',
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          Condition: { StringLike: { 'aws:sourceArn': ownFunctions(repository.registryId) } },
        },
      ],
    }),
  });

  const login = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId });
  const cache = $interpolate`${repository.repositoryUrl}:buildcache`;
  const built = new dockerbuild.Image('Image', {
    context: { location: join($cli.paths.root, TREE) },
    dockerfile: { location: dockerfile },
    platforms: [architecture === 'arm64' ? 'linux/arm64' : 'linux/amd64'],
    tags: [$interpolate`${repository.repositoryUrl}:latest`],
    push: true,
    buildOnPreview: false,
    // An unchanged model layer is taken from the repository, also on a machine that never built it.
    cacheFrom: [{ registry: { ref: cache } }],
    cacheTo: [{ registry: { ref: cache, imageManifest: true, ociMediaTypes: true } }],
    registries: [
      { address: login.proxyEndpoint, username: login.userName, password: $util.secret(login.password) },
    ],
  });

  return {
    /** The URI by digest, so that a function changes exactly when its image does. */
    uri: $resolve([repository.repositoryUrl, built.digest, pull.id]).apply(
      ([url, digest]) => `${url}@${digest}`,
    ),
    /** The models that the tree holds. */
    models: manifest.models,
  };
}

export type LambdaImage = ReturnType<typeof createImage>;

function ownFunctions(account: $util.Input<string>) {
  const { partition } = aws.getPartitionOutput();
  const { region } = aws.getRegionOutput();
  return $interpolate`arn:${partition}:lambda:${region}:${account}:function:${$app.name}-${$app.stage}-*`;
}

/** A tag moves; what production runs on is changed by a commit. */
function assertPinned(dockerfile: string) {
  if (/^ARG BASE=\S+@sha256:[0-9a-f]{64}$/m.test(readFileSync(dockerfile, 'utf8'))) return;
  throw new Error('The base image is not pinned: Dockerfile says how to add its digest to `ARG BASE`');
}

/** What `npm run build:lambda` says of the tree that the image is made from. */
function readManifest(wanted: string): { models: string[] } {
  const file = join($cli.paths.root, TREE, 'manifest.json');
  if (!existsSync(file))
    throw new Error(`${file} is missing: run \`npm run build:lambda -- --model NAME\` first`);
  const { models, architecture } = JSON.parse(readFileSync(file, 'utf8'));
  if (architecture !== wanted)
    throw new Error(
      `${TREE} is for ${architecture}, not ${wanted}: run \`npm run build:lambda -- --arch ${wanted}\``,
    );
  return { models };
}
