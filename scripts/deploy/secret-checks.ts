import { z } from 'zod';
import { versionFault } from '../../shared/vectors/qdrant-collection.ts';
import { SECRET_NAMES, type SecretName, tokenListFault } from '../../stacks/settings.ts';
import { type Finding, good, problem } from './finding.ts';
import type { Tools } from './tools.ts';

export type Secrets = ReadonlyMap<string, string>;

/** The secrets of a stage as `sst secret list` prints them, NAME=VALUE; an explanation where it could not. */
export async function readSecrets(tools: Tools, stage: string): Promise<Secrets | string> {
  const listed = await tools.run('npx', ['--no-install', 'sst', 'secret', 'list', '--stage', stage]);
  const text = `${listed.stdout}\n${listed.stderr}`;
  if (listed.code !== 0 && !/no secrets/i.test(text))
    return text.trim().split('\n').at(-1) || 'SST did not list the secrets';
  return new Map(
    [...listed.stdout.matchAll(/^\s*(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** All are set, none is blank, and the tokens can be sent in a header. */
export function checkSecrets(secrets: Secrets | string, stage: string): Finding {
  if (typeof secrets === 'string')
    return problem(secrets, `\`npx sst secret list --stage ${stage}\` must work first`);
  const faults = SECRET_NAMES.flatMap(name => {
    const fault = faultOf(name, secrets.get(name));
    return fault === null ? [] : [{ name, fault }];
  });
  if (faults.length === 0) return good(`${SECRET_NAMES.length} are set`);
  return problem(
    faults.map(({ name, fault }) => `${name} ${fault}`).join('; '),
    faults.map(({ name }) => `npx sst secret set ${name} ${EXAMPLES[name]} --stage ${stage}`).join(' && '),
  );
}

const EXAMPLES: Readonly<Record<SecretName, string>> = {
  QdrantUrl: 'https://ID.REGION.aws.cloud.qdrant.io:6333',
  QdrantApiKey: 'KEY',
  AccessTokens: '"$(openssl rand -hex 24)"',
  AdminTokens: '"$(openssl rand -hex 24)"',
  AlarmEmail: 'YOU@EXAMPLE.ORG',
};

function faultOf(name: SecretName, value: string | undefined): string | null {
  if (value === undefined) return 'is not set';
  if (value.trim() === '') return 'is blank';
  if (name === 'AccessTokens' || name === 'AdminTokens') return tokenListFault(value);
  if (name === 'QdrantUrl' && !/^https?:\/\/[^\s/]+/.test(value)) return 'is no http or https URL';
  if (name === 'AlarmEmail' && !z.email().safeParse(value).success) return 'is no mail address';
  return null;
}

/** ms that Qdrant gets to respond. */
const QDRANT_PATIENCE = 10_000;

const qdrantSchema = z.object({ title: z.string(), version: z.string() });

/** Qdrant responds at the URL, and the key may read its collections. */
export async function checkQdrant(tools: Tools, secrets: Secrets | string): Promise<Finding> {
  const url = typeof secrets === 'string' ? undefined : secrets.get('QdrantUrl')?.replace(/\/+$/, '');
  const key = typeof secrets === 'string' ? undefined : secrets.get('QdrantApiKey');
  if (!url || !key) return problem('its URL or key is not set', 'set the secrets QdrantUrl and QdrantApiKey');
  const ask = async (path: string) =>
    tools.fetch(url + path, {
      headers: { 'api-key': key },
      signal: AbortSignal.timeout(QDRANT_PATIENCE),
    });
  try {
    const about = await ask('/');
    const known = qdrantSchema.safeParse(await about.json().catch(() => null));
    if (!known.success)
      return problem(
        `${url} is no Qdrant (${about.status})`,
        'the URL ends with the port, :6333; is the cluster paused?',
      );
    const old = versionFault(known.data.version);
    if (old) return problem(`${url} is ${old}`, 'upgrade the cluster');
    const { status } = await ask('/collections');
    if (status === 401 || status === 403)
      return problem(
        `${url} rejects the key (${status})`,
        'set the secret QdrantApiKey to a key of this cluster',
      );
    if (status !== 200)
      return problem(`${url} responds with ${status}`, 'look at the cluster in its console');
    return good(`version ${known.data.version} at ${url}`);
  } catch (error) {
    const reason =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
    return problem(
      `${url} does not respond: ${reason}`,
      'is the cluster running, and the URL right, with :6333?',
    );
  }
}
