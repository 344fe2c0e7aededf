import { getSignedUrl } from '@aws-sdk/cloudfront-signer';
import { LRUCache } from 'lru-cache';

/** A URL is signed for the end of the next but one such span, so that it stays the same for a whole span. */
const SPAN_MS = 12 * 3_600_000;
const MAX_URLS = 10_000;

export type MediaSigning = {
  /** Where CloudFront serves the derived bucket, e.g. https://images.example.org; without a slash at its end. */
  readonly url: string;
  /** CloudFront's id of the public key. */
  readonly keyPairId: string;
  /** PEM. */
  readonly privateKey: string;
  readonly now?: () => number;
};

/**
 * URLs of derived objects that CloudFront lets pass for 12 to 24 hours. The signature (RSA with PKCS #1 v1.5, see
 * AWS's "Creating a signed URL using a canned policy") is a function of URL and time alone: every instance gives
 * the same URL, so that browsers and CloudFront's edges keep what it names.
 */
export function mediaUrls({ url, keyPairId, privateKey, now = Date.now }: MediaSigning) {
  const known = new LRUCache<string, string>({ max: MAX_URLS });

  /** @param version ETag of the object: with other bytes the URL is another */
  return (key: string, version: string | null): string => {
    const expires = (Math.floor(now() / SPAN_MS) + 2) * SPAN_MS;
    const resource = `${url}/${key}${version === null ? '' : `?v=${encodeURIComponent(version)}`}`;
    const name = `${expires} ${resource}`;
    const signed =
      known.get(name) ??
      getSignedUrl({ url: resource, keyPairId, privateKey, dateLessThan: new Date(expires).toISOString() });
    known.set(name, signed);
    return signed;
  };
}

export type MediaUrls = ReturnType<typeof mediaUrls>;
