import { z } from 'zod';
import { parseJson } from '../../shared/json.ts';
import type { Settings } from '../../stacks/settings.ts';
import { type Finding, good, problem, warning } from './finding.ts';
import type { Tools } from './tools.ts';

const identitySchema = z.object({ Account: z.string(), Arn: z.string() });

/** Whose account will pay. */
export async function checkCredentials(tools: Tools): Promise<Finding> {
  const asked = await tools.run('aws', ['sts', 'get-caller-identity', '--output', 'json']);
  if (asked.code === null && asked.stderr === '')
    return problem('the AWS CLI is not there', 'install it (version 2), then `aws configure sso`');
  const identity = identitySchema.safeParse(parseJson(asked.stdout));
  if (asked.code !== 0 || !identity.success)
    return problem(
      lastLine(asked.stderr) || 'AWS does not accept the credentials',
      '`aws sso login`, and AWS_PROFILE must name the profile',
    );
  const { Account, Arn } = identity.data;
  if (Arn.endsWith(':root'))
    return warning(`account ${Account}, as its root user`, 'make a user or role for deploying, and use that');
  return good(`account ${Account}, ${Arn}`);
}

const limitsSchema = z.object({ AccountLimit: z.object({ ConcurrentExecutions: z.number() }) });

/** Functions that must be left to searches while as many as allowed index. */
const LEFT_TO_SEARCH = 5;

/** Whether the region is enabled, and enough functions may run there at once. */
export async function checkRegion(tools: Tools, { region, embed }: Settings): Promise<Finding> {
  const asked = await tools.run('aws', [
    'lambda',
    'get-account-settings',
    '--region',
    region,
    '--output',
    'json',
  ]);
  const limits = limitsSchema.safeParse(parseJson(asked.stdout));
  if (asked.code !== 0 || !limits.success)
    return problem(
      `${region}: ${lastLine(asked.stderr) || 'Lambda gave no limits'}`,
      'is the region enabled for the account, and may you call lambda:GetAccountSettings?',
    );
  const most = limits.data.AccountLimit.ConcurrentExecutions;
  if (most < embed.concurrency + LEFT_TO_SEARCH)
    return warning(
      `${region}: ${most} functions at once, of which ${embed.concurrency} may index`,
      'ask for more under Service Quotas → AWS Lambda → Concurrent executions, or lower embed.concurrency',
    );
  return good(`${region}, ${most} functions at once`);
}

const notificationSchema = z.object({ EventBridgeConfiguration: z.unknown() });
const locationSchema = z.object({ LocationConstraint: z.string().nullable() });

/** An existing bucket is only read: it must be in the region and send its changes to EventBridge. */
export async function checkExistingBucket(
  tools: Tools,
  { existingBucket, region }: Settings,
): Promise<Finding> {
  if (existingBucket === undefined) return good('the stage makes its own');
  const s3 = (command: string) =>
    tools.run('aws', ['s3api', command, '--bucket', existingBucket, '--output', 'json']);
  const located = await s3('get-bucket-location');
  const location = locationSchema.safeParse(parseJson(located.stdout));
  if (located.code !== 0 || !location.success)
    return problem(
      `${existingBucket}: ${lastLine(located.stderr) || 'S3 did not say where it is'}`,
      'check its name in the settings and your rights on it',
    );
  const found = location.data.LocationConstraint ?? 'us-east-1';
  if (found !== region)
    return problem(
      `${existingBucket} is in ${found}, not ${region}`,
      'set `region` of the stage to the same',
    );
  const notified = await s3('get-bucket-notification-configuration');
  if (notified.code !== 0 || !notificationSchema.safeParse(parseJson(notified.stdout)).success)
    return problem(
      `${existingBucket} does not send its changes to EventBridge`,
      'switch "Amazon EventBridge" on under the properties of the bucket (docs/deploy.md, "An existing bucket")',
    );
  return good(`${existingBucket} in ${found}, with EventBridge`);
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';
