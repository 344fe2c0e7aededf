import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { awsError } from '../../shared/aws-error.ts';
import { type Config, parseConfig } from '../../shared/config.ts';
import { SemblanceError } from '../../shared/errors.ts';

type Environment = Record<string, string | undefined>;

/**
 * The variables of a stage on AWS, as its embed function has them (stacks/), before those of this machine: where
 * its buckets, queue and index are. Asked with the credentials and region of the AWS SDK's usual places.
 * @throws bad_configuration where there is no such stage, or these credentials may not read it
 */
export async function stageEnvironment(stage: string, environment: Environment): Promise<Environment> {
  const client = new LambdaClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 },
  });
  const name = `semblance-${stage}-embed`;
  try {
    const { Environment: found } = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: name }),
    );
    return { ...environment, ...found?.Variables };
  } catch (cause) {
    const { name: kind, message } = awsError(cause);
    throw new SemblanceError(
      'bad_configuration',
      `Stage ${stage} could not be read: function ${name}: ${message} (${kind}). Are AWS_PROFILE and AWS_REGION those of its account?`,
      { cause },
    );
  } finally {
    client.destroy();
  }
}

/** Whether the variables of this machine name a stage. */
export const namesStage = ({ bucket, derivedBucket, queueUrl }: Config): boolean =>
  bucket !== undefined && derivedBucket !== undefined && queueUrl !== undefined;

/** The configuration that a command works with, and whether it is a stage's. */
export async function configOf(
  { stage, folder }: { readonly stage?: string | undefined; readonly folder?: string | undefined },
  environment: Environment,
): Promise<{ config: Config; environment: Environment; isStage: boolean }> {
  if (stage !== undefined && folder !== undefined)
    throw new SemblanceError('invalid_arguments', 'Give --stage or --folder, not both');
  const given = stage === undefined ? environment : await stageEnvironment(stage, environment);
  const config = parseConfig(given);
  return { config, environment: given, isStage: folder === undefined && namesStage(config) };
}
