/**
 * Who may sign URLs of thumbnails and previews: CloudFront checks them with the public key, the search function
 * signs with the private one. Unlike S3's presigned URLs these are the same whoever signs, stay short, and let
 * CloudFront keep the images at its edges.
 */
export function createMediaKey() {
  const pair = new tls.PrivateKey('MediaKeyPair', { algorithm: 'RSA', rsaBits: 2048 });
  const publicKey = new aws.cloudfront.PublicKey('MediaPublicKey', {
    name: `${$app.name}-${$app.stage}-media`,
    encodedKey: pair.publicKeyPem,
  });
  const group = new aws.cloudfront.KeyGroup('MediaKeyGroup', {
    name: `${$app.name}-${$app.stage}-media`,
    items: [publicKey.id],
  });
  return { keyPairId: publicKey.id, groupId: group.id, privateKey: $util.secret(pair.privateKeyPem) };
}

export type MediaKey = ReturnType<typeof createMediaKey>;
