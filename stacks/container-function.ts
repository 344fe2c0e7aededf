import { LOG_DAYS } from './config.ts';
import type { LambdaImage } from './image.ts';
import { currentStage } from './stage.ts';

type Text = $util.Input<string>;

export type Permission = { actions: string[]; resources: Text[] };

type ContainerFunction = {
  image: LambdaImage;
  /** Module and export inside the image, e.g. `functions/embed/handler.handler`. */
  command: string;
  description: string;
  /** MB. */
  memory: number;
  /** Seconds. */
  timeout: number;
  environment: Record<string, Text>;
  permissions: Permission[];
};

/**
 * A function from the stage's image with a role that may do what is written here and nothing else.
 * Made of AWS's own resources: `sst.aws.Function` takes container images for Python alone.
 */
export function containerFunction(name: string, args: ContainerFunction) {
  const physicalName = `${$app.name}-${$app.stage}-${name.toLowerCase()}`;
  const logGroup = new aws.cloudwatch.LogGroup(`${name}Logs`, {
    name: `/aws/lambda/${physicalName}`,
    retentionInDays: LOG_DAYS,
  });
  const role = new aws.iam.Role(`${name}Role`, {
    name: physicalName,
    assumeRolePolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    }),
  });
  const ownLogs = {
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [$interpolate`${logGroup.arn}:*`],
  };
  const rolePolicy = new aws.iam.RolePolicy(`${name}RolePolicy`, {
    role: role.name,
    policy: $jsonStringify({
      Version: '2012-10-17',
      Statement: [ownLogs, ...args.permissions].map(({ actions, resources }) => ({
        Effect: 'Allow',
        Action: actions,
        Resource: resources,
      })),
    }),
  });

  return new aws.lambda.Function(
    `${name}Function`,
    {
      name: physicalName,
      description: args.description,
      packageType: 'Image',
      imageUri: args.image.uri,
      imageConfig: { commands: [args.command] },
      architectures: [currentStage().architecture],
      role: role.arn,
      memorySize: args.memory,
      timeout: args.timeout,
      loggingConfig: { logFormat: 'Text', logGroup: logGroup.name },
      environment: { variables: args.environment },
    },
    { dependsOn: [rolePolicy] },
  );
}
