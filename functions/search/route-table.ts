import type { RouteSpec } from './route.ts';
import { adminRoutes } from './routes/admin.ts';
import { docsRoutes } from './routes/docs.ts';
import { downloadRoutes } from './routes/downloads.ts';
import { duplicateRoutes } from './routes/duplicates.ts';
import { imageRoutes } from './routes/image.ts';
import { imagesRoutes } from './routes/images.ts';
import { operationRoutes } from './routes/operations.ts';
import { queryRoutes } from './routes/query.ts';
import { savedRoutes } from './routes/saved.ts';
import { searchRoutes } from './routes/search.ts';
import { shareRoutes } from './routes/shares.ts';
import { staticRoutes } from './routes/static.ts';
import { trashRoutes } from './routes/trash.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { welcomeRoutes } from './routes/welcome.ts';

const groups = [
  welcomeRoutes,
  searchRoutes,
  queryRoutes,
  imagesRoutes,
  imageRoutes,
  duplicateRoutes,
  uploadRoutes,
  adminRoutes,
  trashRoutes,
  downloadRoutes,
  savedRoutes,
  shareRoutes,
  operationRoutes,
  staticRoutes,
  docsRoutes,
] as const;

type RouteIn<Group> = Group extends Record<string, infer R extends RouteSpec> ? R : never;
/** Any route of the API, as it is declared. */
export type Route = RouteIn<(typeof groups)[number]>;

/** Every route of the API; the document and the tests go by it. */
export const allRoutes: readonly RouteSpec[] = groups.flatMap(group => Object.values<RouteSpec>(group));

/** Methods under which a path is known, in upper case. */
export const matchingMethods = (routes: readonly RouteSpec[], path: string): string[] => {
  const methods = routes
    .filter(route => patternOf(route.path).test(path))
    .map(route => route.method.toUpperCase());
  return [...new Set(methods.flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
};

const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path.replaceAll('.json', '\\.json').replaceAll(/:\w+(?:\{(.+?)\})?/g, (_, pattern?: string) => pattern ?? '[^/]+')}$`,
  );
