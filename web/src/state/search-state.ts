import { IMAGE_FORMATS, type ImageFormat } from '../../../shared/catalog/formats.ts';
import {
  clampWeight,
  formatReference,
  isImageId,
  MAX_REFERENCES,
  parseReference,
  type Reference,
} from './reference.ts';

/** Everything that decides what the grid shows; the address bar holds it, so back, forward and links work. */
export type SearchState = {
  /** The text as it was typed; `parseQueryText` parses it. */
  readonly text: string;
  /** The weight of the text beside the references. */
  readonly textWeight: number;
  readonly references: readonly Reference[];
  readonly basis: Basis;
  readonly filters: Filters;
  /** The order of the images where nothing is searched for. */
  readonly order: Order;
  /** The seed of the random order. */
  readonly seed: number;
};

export const BASES = ['vision', 'ocr', 'both'] as const;
export type Basis = (typeof BASES)[number];

export const ORDERS = ['taken', 'added', 'name', 'size', 'random'] as const;
export type Order = (typeof ORDERS)[number];

export const SHAPES = ['landscape', 'portrait', 'square'] as const;
export type Shape = (typeof SHAPES)[number];

export const SIZES = [512, 1024, 2048] as const;

export type Filters = {
  readonly starred: boolean;
  /** Any of these. */
  readonly categories: readonly string[];
  /** None of these. */
  readonly without: readonly string[];
  readonly formats: readonly ImageFormat[];
  readonly shape: Shape | null;
  /** px of the shorter side at least. */
  readonly minSize: number | null;
  /** YYYY-MM-DD, both ends included. */
  readonly from: string | null;
  readonly to: string | null;
  readonly folder: string | null;
  readonly camera: string | null;
  readonly lens: string | null;
};

export const NO_FILTERS: Filters = {
  starred: false,
  categories: [],
  without: [],
  formats: [],
  shape: null,
  minSize: null,
  from: null,
  to: null,
  folder: null,
  camera: null,
  lens: null,
};

export const NO_SEARCH: SearchState = {
  text: '',
  textWeight: 1,
  references: [],
  basis: 'vision',
  filters: NO_FILTERS,
  order: 'taken',
  seed: 0,
};

/** Whether something is searched for, apart from filters. */
export const hasQuery = (state: SearchState): boolean =>
  state.text.trim() !== '' || state.references.length > 0;

export const filterCount = (filters: Filters): number =>
  [
    filters.starred,
    filters.categories.length > 0 || filters.without.length > 0,
    filters.formats.length > 0,
    filters.shape,
    filters.minSize,
    filters.from ?? filters.to,
    filters.folder,
    filters.camera ?? filters.lens,
  ].filter(Boolean).length;

/** The category where the listing is an album: all images of it, without any other condition. */
export function albumOf(search: SearchState): string | null {
  const [album, ...others] = search.filters.categories;
  if (album === undefined || others.length > 0 || hasQuery(search)) return null;
  return filterCount(search.filters) === 1 && search.filters.without.length === 0 ? album : null;
}

export const searchOfAlbum = (category: string): SearchState => ({
  ...NO_SEARCH,
  filters: { ...NO_FILTERS, categories: [category] },
});

const DATE = /^\d{4}-\d{2}-\d{2}$/;

export const PLACES = ['images', 'albums', 'duplicates', 'map', 'trash'] as const;
export type Place = (typeof PLACES)[number];

/** A page's address, apart from its host: the place, the search, and the image that is open large. */
export type Address = {
  readonly place: Place;
  readonly search: SearchState;
  readonly open: string | null;
};

export const START: Address = { place: 'images', search: NO_SEARCH, open: null };

/** Reads an address; whatever in it makes no sense is left out, since people edit and cut addresses. */
export function parseAddress(query: string): Address {
  const params = new URLSearchParams(query);
  const open = params.get('view');
  return {
    place: oneOf(PLACES, params.get('place')) ?? 'images',
    open: open !== null && isImageId(open) ? open : null,
    search: {
      text: (params.get('q') ?? '').slice(0, 512),
      textWeight: Math.abs(clampWeight(number(params.get('q-weight')) ?? 1)),
      references: [...params]
        .flatMap(([name, value]) => {
          if (name === 'like') return parseReference('image', value) ?? [];
          return name === 'picture' ? (parseReference('file', value) ?? []) : [];
        })
        .slice(0, MAX_REFERENCES),
      basis: oneOf(BASES, params.get('in')) ?? 'vision',
      order: oneOf(ORDERS, params.get('order')) ?? 'taken',
      seed: Math.abs(Math.trunc(number(params.get('seed')) ?? 0)),
      filters: {
        starred: params.get('starred') === '1',
        categories: named(params, 'category'),
        without: named(params, 'without'),
        formats: params.getAll('format').flatMap(name => oneOf(IMAGE_FORMATS, name) ?? []),
        shape: oneOf(SHAPES, params.get('shape')),
        minSize: oneOf(SIZES, Number(params.get('min'))),
        from: date(params.get('from')),
        to: date(params.get('to')),
        folder: params.get('folder') || null,
        camera: params.get('camera') || null,
        lens: params.get('lens') || null,
      },
    },
  };
}

/** The other way: `parseAddress(formatAddress(a))` is `a`. '' for the start page, else begins with '?'. */
export function formatAddress({ place, search, open }: Address): string {
  const params = new URLSearchParams();
  if (place !== 'images') params.set('place', place);
  if (search.text !== '') params.set('q', search.text);
  if (search.textWeight !== 1) params.set('q-weight', String(search.textWeight));
  for (const reference of search.references)
    params.append(reference.kind === 'image' ? 'like' : 'picture', formatReference(reference));
  if (search.basis !== 'vision') params.set('in', search.basis);
  if (search.order !== 'taken') params.set('order', search.order);
  if (search.seed !== 0) params.set('seed', String(search.seed));
  const { filters } = search;
  if (filters.starred) params.set('starred', '1');
  for (const name of filters.categories) params.append('category', name);
  for (const name of filters.without) params.append('without', name);
  for (const name of filters.formats) params.append('format', name);
  for (const name of ['shape', 'from', 'to', 'folder', 'camera', 'lens'] as const)
    if (filters[name]) params.set(name, filters[name]);
  if (filters.minSize) params.set('min', String(filters.minSize));
  if (open) params.set('view', open);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** The link to an image large, over what is shown now. */
export const viewLink = (address: Address, id: string): string => formatAddress({ ...address, open: id });

const oneOf = <T>(allowed: readonly T[], value: unknown): T | null =>
  allowed.find(candidate => candidate === value) ?? null;

const named = (params: URLSearchParams, name: string): readonly string[] =>
  params.getAll(name).filter(value => value.trim() !== '');

const date = (text: string | null): string | null =>
  text !== null && DATE.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;

function number(text: string | null): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value !== 0 && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : null;
}
