import type { InferRequestType, InferResponseType } from 'hono/client';
import type { client } from './client.ts';

/** What the API answers, by the types of its own routes. */
export type Welcome = InferResponseType<typeof client.index.$get, 200>;
export type Page = InferResponseType<(typeof client.search.random)['$get'], 200>;
export type Hit = Page['result'][number];
export type Image = Hit['img'];
export type QueryPage = Page & { facets?: { categories?: { value: string; count: number }[] } };
export type Failure = InferResponseType<(typeof client.admin.failures)['$get'], 200>['failures'][number];
/** What people may say of a picture. */
export type ImageChange = { starred?: boolean; categories?: string[]; comments?: string };
export type Announcement = InferRequestType<(typeof client.uploads)['$post']>['json'];
