import { IMAGE_FORMATS, type ImageFormat } from '../../../shared/catalog/formats.ts';
/** Everything that decides what the grid shows; the address bar holds it, so back, forward and links work. */
export type SearchState = {
  /** As typed; `parseQueryText` takes it apart. */
  readonly text: string;
  /** Ids of images to find more like. */
  readonly like: readonly string[];
  /** Key of an image that was dropped, pasted or chosen; it stays in this browser. */
  readonly image: string | null;
  readonly basis: Basis;
  readonly filters: Filters;
};

export const BASES = ['vision', 'ocr', 'both'] as const;
export type Basis = (typeof BASES)[number];

export const SHAPES = ['landscape', 'portrait', 'square'] as const;
export type Shape = (typeof SHAPES)[number];

export const SIZES = [512, 1024, 2048] as const;

export type Filters = {
  readonly starred: boolean;
  /** Any of these. */
  readonly categories: readonly string[];
  readonly formats: readonly ImageFormat[];
  readonly shape: Shape | null;
  /** px of the shorter side at least. */
  readonly minSize: number | null;
  /** YYYY-MM-DD, both ends included. */
  readonly from: string | null;
  readonly to: string | null;
};

export const NO_FILTERS: Filters = {
  starred: false,
  categories: [],
  formats: [],
  shape: null,
  minSize: null,
  from: null,
  to: null,
};

export const NO_SEARCH: SearchState = {
  text: '',
  like: [],
  image: null,
  basis: 'vision',
  filters: NO_FILTERS,
};

/** Whether something is looked for, apart from filters. */
export const hasQuery = (state: SearchState): boolean =>
  state.text.trim() !== '' || state.like.length > 0 || state.image !== null;

export const filterCount = (filters: Filters): number =>
  Number(filters.starred) +
  Number(filters.categories.length > 0) +
  Number(filters.formats.length > 0) +
  Number(filters.shape !== null) +
  Number(filters.minSize !== null) +
  Number(filters.from !== null || filters.to !== null);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A page's address, apart from its host: the search, and the image that is open large. */
export type Address = { readonly search: SearchState; readonly open: string | null };

/** Reads an address; whatever in it makes no sense is left out, since people edit and cut addresses. */
export function parseAddress(query: string): Address {
  const params = new URLSearchParams(query);
  const open = params.get('view');
  return {
    open: open !== null && UUID.test(open) ? open : null,
    search: {
      text: (params.get('q') ?? '').slice(0, 512),
      like: params
        .getAll('like')
        .filter(id => UUID.test(id))
        .slice(0, 8),
      image: params.get('picture') || null,
      basis: oneOf(BASES, params.get('in')) ?? 'vision',
      filters: {
        starred: params.get('starred') === '1',
        categories: params.getAll('category').filter(name => name.trim() !== ''),
        formats: params.getAll('format').flatMap(name => oneOf(IMAGE_FORMATS, name) ?? []),
        shape: oneOf(SHAPES, params.get('shape')),
        minSize: oneOf(SIZES, Number(params.get('min'))),
        from: date(params.get('from')),
        to: date(params.get('to')),
      },
    },
  };
}

/** The other way: `parseAddress(formatAddress(a))` is `a`. '' for the start page, else begins with '?'. */
export function formatAddress({ search, open }: Address): string {
  const params = new URLSearchParams();
  if (search.text !== '') params.set('q', search.text);
  for (const id of search.like) params.append('like', id);
  if (search.image) params.set('picture', search.image);
  if (search.basis !== 'vision') params.set('in', search.basis);
  const { filters } = search;
  if (filters.starred) params.set('starred', '1');
  for (const name of filters.categories) params.append('category', name);
  for (const name of filters.formats) params.append('format', name);
  if (filters.shape) params.set('shape', filters.shape);
  if (filters.minSize) params.set('min', String(filters.minSize));
  if (filters.from) params.set('from', filters.from);
  if (filters.to) params.set('to', filters.to);
  if (open) params.set('view', open);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

const oneOf = <T>(allowed: readonly T[], value: unknown): T | null =>
  allowed.find(candidate => candidate === value) ?? null;

const date = (text: string | null): string | null =>
  text !== null && DATE.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
