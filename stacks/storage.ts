import { NONCURRENT_DAYS, RENDITION_DAYS, TRASH_DAYS } from './config.ts';
import { currentStage } from './stage.ts';

type Text = $util.Input<string>;

/** A bucket as functions and policies name it. */
export type BucketPlace = { bucket: Text; arn: Text };

/** What is derived from the originals (thumbnails, previews, annotations, failures); read by CloudFront too. */
export function createDerived() {
  return privateBucket('Derived', {
    // CloudFront reads what its signed URLs name. The account is the condition: a distribution's own ARN would
    // make bucket and distribution wait for each other.
    policy: [
      {
        actions: ['s3:GetObject'],
        principals: [{ type: 'service', identifiers: ['cloudfront.amazonaws.com'] }],
        paths: ['thumbnails/*', 'previews/*'],
        conditions: [
          {
            test: 'StringEquals',
            variable: 'aws:SourceAccount',
            values: [aws.getCallerIdentityOutput().accountId],
          },
        ],
      },
    ],
  });
}

/**
 * The originals: a bucket of the stage, and where the stage has one, an existing bucket that is only read. They
 * and the derived objects are the truth of a stage, from which its index can be rebuilt.
 */
export function createStorage({ pageOrigin, derived }: { pageOrigin: Text; derived: BucketPlace }) {
  const { existingBucket, production } = currentStage();
  // The page sends uploads straight to the bucket, with the headers that their presigned URL covers.
  const uploads = privateBucket('Originals', {
    cors: {
      allowOrigins: [pageOrigin],
      allowMethods: ['GET', 'HEAD', 'PUT'],
      allowHeaders: ['content-type', 'if-none-match', 'x-amz-*'],
      maxAge: '1 hour',
    },
  });
  const existing = existingBucket === undefined ? null : existingPlace(existingBucket);

  // The ids of images are made with it: random, so that they can't be guessed, and as long-lived as the
  // annotations that are named by them.
  const idNamespace = new random.RandomUuid('IdNamespace', {}, { retainOnDelete: production }).result;

  return {
    /** Where people put images: the existing bucket, or the stage's own. */
    originals: existing ?? uploads,
    /** Where uploads through the API lie; the same as `originals` unless there is an existing bucket. */
    uploads,
    /** Whether `originals` has another owner: it is never written to, and its settings are not changed. */
    isExisting: existing !== null,
    derived,
    idNamespace,
  };
}

export type Storage = ReturnType<typeof createStorage>;

/** Only its name is used: neither its notifications, nor its policy, nor its lifecycle are touched. */
function existingPlace(bucket: string): BucketPlace {
  const { partition } = aws.getPartitionOutput();
  return { bucket, arn: $interpolate`arn:${partition}:s3:::${bucket}` };
}

type BucketArgs = NonNullable<ConstructorParameters<typeof sst.aws.Bucket>[1]>;

/** Reached over TLS by those whom a policy names; a production stage keeps old versions for a while. */
function privateBucket(name: string, args: Pick<BucketArgs, 'cors' | 'policy'>): BucketPlace {
  const { production } = currentStage();
  const component = new sst.aws.Bucket(name, {
    enforceHttps: true,
    versioning: production,
    // Without this SST lets every origin in.
    cors: args.cors ?? false,
    ...(args.policy && { policy: args.policy }),
    // By default SST lets a bucket be destroyed with what is in it, in every stage.
    transform: {
      bucket: bucket => {
        bucket.forceDestroy = !production;
      },
    },
  });

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
      {
        id: 'empty-the-trash',
        status: 'Enabled',
        filter: { prefix: '_deleted/' },
        expiration: { days: TRASH_DAYS },
      },
      {
        id: 'forget-renditions',
        status: 'Enabled',
        filter: { prefix: 'renditions/' },
        expiration: { days: RENDITION_DAYS },
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

  return { bucket: component.name, arn: component.nodes.bucket.arn };
}
