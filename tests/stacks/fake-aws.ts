import { z } from 'zod';

/** What AWS would respond, for an evaluation of the stacks without an account. */
export const ACCOUNT = '123456789012';

const inputsSchema = z.record(z.string(), z.unknown());
export type Inputs = z.infer<typeof inputsSchema>;

const statementsSchema = z.array(
  z.looseObject({
    effect: z.string().optional(),
    actions: z.array(z.string()).optional(),
    resources: z.array(z.string()).optional(),
    principals: z.array(z.looseObject({ type: z.string(), identifiers: z.array(z.string()) })).optional(),
    conditions: z
      .array(z.looseObject({ test: z.string(), variable: z.string(), values: z.array(z.string()) }))
      .optional(),
  }),
);

/**
 * The response of a data source.
 * @throws for one that no stack has requested so far: guessing would hide a change
 */
export function lookUp(token: string, inputs: Inputs, region: string): Inputs {
  switch (token) {
    case 'aws:index/getRegion:getRegion':
      return { id: region, name: region, region };
    case 'aws:index/getPartition:getPartition':
      return { id: 'aws', partition: 'aws', dnsSuffix: 'amazonaws.com' };
    case 'aws:index/getCallerIdentity:getCallerIdentity':
      return { id: ACCOUNT, accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/test`, userId: 'test' };
    case 'aws:iam/getPolicyDocument:getPolicyDocument':
      return { id: 'policy', json: policyJson(inputs['statements']) };
    case 'aws:ecr/getAuthorizationToken:getAuthorizationToken':
      return {
        id: 'token',
        userName: 'AWS',
        password: 'registry-password',
        proxyEndpoint: `https://${ACCOUNT}.dkr.ecr.${region}.amazonaws.com`,
      };
    default:
      throw new Error(`the fake AWS has no response for the data source ${token}`);
  }
}

function policyJson(statements: unknown): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statementsSchema.parse(statements ?? []).map(statement => ({
      Effect: statement.effect ?? 'Allow',
      Action: statement.actions,
      Resource: statement.resources,
      Principal: statement.principals?.some(({ type }) => type === '*')
        ? '*'
        : Object.fromEntries((statement.principals ?? []).map(p => [p.type, p.identifiers])),
      Condition: Object.fromEntries(
        (statement.conditions ?? []).map(c => [c.test, { [c.variable]: c.values }]),
      ),
    })),
  });
}

/** What AWS computes for a resource when it makes it: ids, ARNs, addresses. */
export function madeBy(type: string, logicalName: string, inputs: Inputs, region: string): Inputs {
  const name = z.string().catch(logicalName).parse(inputs['name']);
  const arn = (service: string, rest: string, at = region) => `arn:aws:${service}:${at}:${ACCOUNT}:${rest}`;
  switch (type) {
    case 'aws:s3/bucket:Bucket': {
      const bucket = z.string().parse(inputs['bucket']);
      return {
        id: bucket,
        arn: `arn:aws:s3:::${bucket}`,
        bucketRegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
      };
    }
    case 'aws:sqs/queue:Queue': {
      const url = `https://sqs.${region}.amazonaws.com/${ACCOUNT}/${name}`;
      return { id: url, url, arn: arn('sqs', name) };
    }
    case 'aws:cloudwatch/eventRule:EventRule':
      return { id: name, arn: arn('events', `rule/${name}`) };
    case 'aws:cloudwatch/logGroup:LogGroup':
      return { id: name, arn: arn('logs', `log-group:${name}`) };
    case 'aws:iam/role:Role':
      return { id: name, arn: arn('iam', `role/${name}`, '') };
    case 'aws:lambda/function:Function':
      return { id: name, arn: arn('lambda', `function:${name}`) };
    case 'aws:lambda/functionUrl:FunctionUrl':
      return { functionUrl: `https://${logicalName.toLowerCase()}.lambda-url.${region}.on.aws/` };
    case 'aws:sns/topic:Topic':
      return { id: arn('sns', name), arn: arn('sns', name) };
    case 'aws:ecr/repository:Repository':
      return {
        id: name,
        arn: arn('ecr', `repository/${name}`),
        registryId: ACCOUNT,
        repositoryUrl: `${ACCOUNT}.dkr.ecr.${region}.amazonaws.com/${name}`,
      };
    case 'docker-build:index:Image':
      return { digest: `sha256:${'5'.repeat(64)}` };
    case 'random:index/randomPassword:RandomPassword':
      return { id: 'none', result: 'canary-router-secret'.repeat(2) };
    case 'tls:index/privateKey:PrivateKey':
      return {
        id: 'key',
        privateKeyPem: '-----BEGIN RSA PRIVATE KEY-----\ncanary\n',
        publicKeyPem: '-----BEGIN PUBLIC KEY-----\nknown\n',
      };
    case 'random:index/randomUuid:RandomUuid':
      return { id: 'uuid', result: '0f4e3a52-6c1d-4b7a-9f0e-2d8c5b6a7e91' };
    case 'aws:cloudfront/distribution:Distribution':
      return {
        id: 'DISTRIBUTION',
        arn: arn('cloudfront', 'distribution/D', ''),
        domainName: 'd1.cloudfront.net',
      };
    case 'aws:cloudfront/keyValueStore:KeyValueStore':
      return { arn: arn('cloudfront', 'key-value-store/K', '') };
    default:
      return { arn: arn('test', logicalName) };
  }
}
