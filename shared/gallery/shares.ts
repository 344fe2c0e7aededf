import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { SemblanceError } from '../errors.ts';
import { type DocumentsDeps, openDocuments } from './documents.ts';

const shareSchema = z.object({
  version: z.literal(1).default(1),
  id: z.uuid(),
  /** What the link shows: one image, or what a search finds (the JSON of POST /search/query). */
  shows: z.union([z.object({ image: z.uuid() }), z.object({ query: z.record(z.string(), z.unknown()) })]),
  /** base64url; what the link is signed with. */
  secret: z.string(),
  /** RFC 3339, UTC, both. */
  created: z.string(),
  expires: z.string(),
});
export type Share = z.infer<typeof shareSchema>;

export type Shares = ReturnType<typeof openShares>;

/**
 * Links that show one image or one search without a token. A link is `<id>.<expiry, s since 1970>.<HMAC-SHA-256>`,
 * signed with a secret of its own in the derived store: deleting that revokes the link.
 */
export function openShares(deps: DocumentsDeps, now: () => Date = () => new Date()) {
  const documents = openDocuments(deps, 'shares/', shareSchema);
  const hasExpired = ({ expires }: Share): boolean => expires <= now().toISOString();

  return {
    /** The shares that still work, the oldest first. */
    list: async (): Promise<Share[]> =>
      (await documents.list())
        .filter(share => !hasExpired(share))
        .sort((a, b) => (a.created < b.created ? -1 : 1)),
    /** @param seconds that it works for */
    async add(shows: Share['shows'], seconds: number): Promise<Share> {
      for (const share of await documents.list()) if (hasExpired(share)) await documents.remove(share.id);
      await documents.assertRoom();
      const created = now();
      const share = {
        version: 1 as const,
        id: randomUUID(),
        shows,
        secret: randomBytes(32).toString('base64url'),
        created: created.toISOString(),
        expires: new Date(Math.floor(created.getTime() / 1000 + seconds) * 1000).toISOString(),
      };
      await documents.write(share.id, share);
      return share;
    },
    remove: (id: string): Promise<void> => documents.remove(id),
    /** @throws share_invalid for a link that is forged, revoked or too old */
    async open(token: string): Promise<Share> {
      const [id = '', expires = '', signature = '', ...more] = token.split('.');
      const share = z.uuid().safeParse(id).success && more.length === 0 ? await documents.read(id) : null;
      if (!share || !isSame(token, tokenOf(share)) || hasExpired(share) || expires === '' || signature === '')
        throw new SemblanceError('share_invalid', 'This link does not work any more');
      return share;
    },
  };
}

/** The signed part of a share's link. */
export function tokenOf({ id, expires, secret }: Share): string {
  const body = `${id}.${Math.floor(Date.parse(expires) / 1000)}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

const isSame = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};
