/**
 * What only the operator knows, set by `sst secret set NAME VALUE --stage STAGE`. A deploy stops and names the
 * one that is missing. The token lists are comma-separated, so that they can be rotated without a gap.
 */
export function createSecrets() {
  return {
    qdrantUrl: new sst.Secret('QdrantUrl').value,
    qdrantApiKey: new sst.Secret('QdrantApiKey').value,
    accessTokens: new sst.Secret('AccessTokens').value,
    adminTokens: new sst.Secret('AdminTokens').value,
    /** Where alarms and the budget write to. */
    alarmEmail: new sst.Secret('AlarmEmail').value,
  };
}

export type Secrets = ReturnType<typeof createSecrets>;
