import type { Guard } from './auth.ts';
import type { AppDeps } from './deps.ts';

/** What every group of routes is given. */
export type RouteTools = { readonly deps: AppDeps; readonly guard: Guard };
