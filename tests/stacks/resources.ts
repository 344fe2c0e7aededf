import { expect } from 'vitest';
import { z } from 'zod';
import type { Evaluation, Resource } from './evaluate.ts';
import { ACCOUNT } from './fake-aws.ts';

export const BUCKET = 'aws:s3/bucket:Bucket';
export const QUEUE = 'aws:sqs/queue:Queue';
export const FUNCTION = 'aws:lambda/function:Function';

/** ms for tests that evaluate; one evaluation takes about two seconds of processor time. */
export const EVALUATIONS = 120_000;

/** A Dockerfile fit for all stages but production. */
export const UNPINNED = 'ARG BASE=public.ecr.aws/lambda/nodejs:24\n';

/** The resources of a type, by logical name. */
export const all = (stage: Evaluation, type: string, name = /./) =>
  stage.resources.filter(resource => resource.type === type && name.test(resource.name));

/** The only one; the test fails where there are none or several. */
export function one(stage: Evaluation, type: string, name = /./): Resource {
  const found = all(stage, type, name);
  expect(found.map(resource => resource.name)).toHaveLength(1);
  return found[0]!;
}

const documentSchema = z.preprocess(
  value => (typeof value === 'string' ? JSON.parse(value) : value),
  z.object({
    Statement: z.array(
      z.looseObject({
        Effect: z.string(),
        Action: z.union([z.string().transform(action => [action]), z.array(z.string())]),
        Resource: z.union([z.string().transform(arn => [arn]), z.array(z.string())]).optional(),
      }),
    ),
  }),
);
/** Of a policy as text or object. */
export const statementsOf = (policy: unknown) => documentSchema.parse(policy).Statement;

/** Action → the resources on which a function's role allows it. */
export function rightsOf(stage: Evaluation, functionName: 'Embed' | 'Search'): Record<string, string[]> {
  const rights: Record<string, string[]> = {};
  for (const statement of statementsOf(
    one(stage, 'aws:iam/rolePolicy:RolePolicy', new RegExp(`^${functionName}`)).inputs.policy,
  )) {
    expect(statement.Effect).toBe('Allow');
    for (const action of statement.Action)
      rights[action] = [...(rights[action] ?? []), ...(statement.Resource ?? [])];
  }
  return rights;
}

export const bucketName = (stage: Evaluation, name: 'Originals' | 'Derived'): string =>
  one(stage, BUCKET, new RegExp(`^${name}`)).inputs.bucket;
export const queueArn = (stage: Evaluation, name: 'Work' | 'DeadLetters'): string =>
  `arn:aws:sqs:eu-central-1:${ACCOUNT}:${one(stage, QUEUE, new RegExp(`^${name}`)).inputs.name}`;
export const environmentOf = (stage: Evaluation, name: 'Embed' | 'Search'): Record<string, string> =>
  one(stage, FUNCTION, new RegExp(`^${name}`)).inputs.environment.variables;
