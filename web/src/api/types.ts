import type { InferResponseType } from 'hono/client';
import type { client } from './client.ts';

/** What the API answers, by the types of its own routes. */
export type Welcome = InferResponseType<typeof client.index.$get, 200>;
export type Page = InferResponseType<(typeof client.search.random)['$get'], 200>;
export type Hit = Page['result'][number];
export type Image = Hit['img'];
export type QueryPage = Page & { facets?: { categories?: { value: string; count: number }[] } };
export type Failure = { id: string; key: string; code: string; message: string; advice: string };
