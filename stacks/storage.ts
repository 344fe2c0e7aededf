import { NONCURRENT_DAYS, stageOf } from './config.ts';

type Text = $util.Input<string>;

/**
 * The originals (people's images, uploads) and what is derived from them (thumbnails, people's records,
 * failures): the truth of a stage, from which its index can be rebuilt.
 */
export function createStorage({ pageOrigin }: { pageOrigin: Text }) {
  // The page sends uploads straight to the bucket, with the headers that their presigned URL covers.
  const originals = privateBucket('Originals', {
    allowOrigins: [pageOrigin],
    allowMethods: ['GET', 'HEAD', 'PUT'],
    allowHeaders: ['content-type', 'if-none-match', 'x-amz-*'],
    maxAge: '1 hour',
  });
  const derived = privateBucket('Derived', {
    allowOrigins: [pageOrigin],
    allowMethods: ['GET', 'HEAD'],
    allowHeaders: ['range'],
    maxAge: '1 hour',
  });

  // The ids of images are made with it: random, so that they can't be guessed, and as long-lived as the
  // records that are named by them.
  const idNamespace = new random.RandomUuid(
    'IdNamespace',
    {},
    { retainOnDelete: stageOf($app.stage).production },
  ).result;

  return { originals, derived, idNamespace };
}

export type Storage = ReturnType<typeof createStorage>;

/** Reached over TLS by those whom a policy names; a production stage keeps old versions for a while. */
function privateBucket(
  name: string,
  cors: NonNullable<ConstructorParameters<typeof sst.aws.Bucket>[1]>['cors'],
) {
  const { production } = stageOf($app.stage);
  const component = new sst.aws.Bucket(name, {
    enforceHttps: true,
    versioning: production,
    ...(cors && { cors }),
    // By default SST lets a bucket be destroyed with what is in it, in every stage.
    transform: {
      bucket: args => {
        args.forceDestroy = !production;
      },
    },
  });
  const { bucket } = component.nodes;

  new aws.s3.BucketServerSideEncryptionConfiguration(`${name}Encryption`, {
    bucket: component.name,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  });
  new aws.s3.BucketLifecycleConfiguration(`${name}Lifecycle`, {
    bucket: component.name,
    rules: [
      {
        id: 'abort-unfinished-uploads',
        status: 'Enabled',
        filter: {},
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
      ...(production
        ? [
            {
              id: 'forget-old-versions',
              status: 'Enabled',
              filter: {},
              noncurrentVersionExpiration: { noncurrentDays: NONCURRENT_DAYS },
              expiration: { expiredObjectDeleteMarker: true },
            },
          ]
        : []),
    ],
  });

  return { bucket: component.name, arn: bucket.arn };
}
