import { type DerivedDeps, derivedImageKey, openDerivedStore } from '../../shared/indexing/derived-store.ts';

/** What tests look at or break in the derived store by hand. */
export const thumbnailKey = (id: string): string => derivedImageKey('thumbnail', id);
export const previewKey = (id: string): string => derivedImageKey('preview', id);
export const recordKey = (id: string): string => `records/${id}.json`;
export const readRecord = (deps: DerivedDeps, id: string) => openDerivedStore(deps).readRecord(id);
export const readFailure = (deps: DerivedDeps, id: string) => openDerivedStore(deps).readFailure(id);
