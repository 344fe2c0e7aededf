import type { InferRequestType, InferResponseType } from 'hono/client';
import type { client } from './client.ts';

/** What the API takes and returns, by the types of its own routes. */
export type Welcome = InferResponseType<typeof client.index.$get, 200>;
export type QueryBody = NonNullable<InferRequestType<(typeof client.search.query)['$post']>['json']>;
export type QueryResponse = InferResponseType<(typeof client.search.query)['$post'], 200>;
export type QueryHit = QueryResponse['result'][number];
export type Explanation = NonNullable<QueryHit['explain']>;
export type Image = QueryHit['img'];
export type WordLine = InferResponseType<
  (typeof client.images.id)[':image_id']['words']['$get'],
  200
>['lines'][number];
export type RandomQuery = NonNullable<InferRequestType<(typeof client.search.random)['$get']>['query']>;
export type ListFilter = NonNullable<InferRequestType<(typeof client.images.months)['$get']>['query']>;
export type Album = InferResponseType<typeof client.albums.$get, 200>['albums'][number];
export type SavedSearch = InferResponseType<
  (typeof client)['saved-searches']['$get'],
  200
>['searches'][number];
export type MapImage = InferResponseType<typeof client.images.sketches.$get, 200>['images'][number];
export type Failure = InferResponseType<(typeof client.admin.failures)['$get'], 200>['failures'][number];
export type TrashedImage = InferResponseType<(typeof client.admin.trash)['$get'], 200>['images'][number];
export type Announcement = InferRequestType<(typeof client.uploads)['$post']>['json'];

export type Share = InferResponseType<typeof client.admin.shares.$get, 200>['shares'][number];
/** What a link for strangers shows. */
export type Shown = { readonly image_id: string } | { readonly query: QueryBody };

/** How the annotations of an image can be changed. */
export type ImageChange = {
  starred?: boolean;
  /** Additions and removals rather than the list, so that what others change at the same moment stays. */
  add_categories?: string[];
  remove_categories?: string[];
  comments?: string;
  /** Only where the image has this version. */
  version?: string;
};

/** The same change for many images. */
export type ImagesChange = InferRequestType<(typeof client.admin.images)['$put']>['json']['set'];

/** One page of images, whether they were searched for or drawn at random. */
export type Page = {
  readonly result: readonly Hit[];
  /** What the person should know of it. */
  readonly notices: QueryResponse['notices'];
  readonly facets: QueryResponse['facets'];
  /** ms from the request to its response; null where nothing was searched for. */
  readonly took: number | null;
};
export type Hit = {
  readonly img: Image;
  /** Null where nothing was compared. */
  readonly score: number | null;
  readonly explain: Explanation | null;
  /** How well it fits the search; null where nothing was compared. */
  readonly band: QueryHit['band'];
};
