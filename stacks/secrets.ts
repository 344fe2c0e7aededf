import { type SecretName, tokenListFault } from './settings.ts';

/**
 * What only the operator knows, set by `sst secret set NAME VALUE --stage STAGE`. A deploy stops and names the
 * one that is missing or blank. The token lists are comma-separated, so that they can be rotated without a gap.
 */
export function createSecrets() {
  return {
    qdrantUrl: secret('QdrantUrl', blankFault),
    qdrantApiKey: secret('QdrantApiKey', blankFault),
    accessTokens: secret('AccessTokens', tokenListFault),
    adminTokens: secret('AdminTokens', tokenListFault),
    /** Where alarms and the budget write to. */
    alarmEmail: secret('AlarmEmail', blankFault),
  };
}

export type Secrets = ReturnType<typeof createSecrets>;

const blankFault = (text: string): string | null => (text.trim() === '' ? 'is blank' : null);

/** @param fault what is wrong with a value, or null; a blank token would deploy an open gallery */
function secret(name: SecretName, fault: (value: string) => string | null) {
  return new sst.Secret(name).value.apply(value => {
    const wrong = fault(value);
    if (wrong) throw new Error(`The secret ${name} ${wrong}; \`sst secret set ${name} VALUE\` mends it`);
    return value;
  });
}
