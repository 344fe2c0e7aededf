/** What the API answers, as far as the page reads it. */
export type Image = {
  id: string;
  url: string;
  thumbnail_url: string | null;
  preview_url?: string | null;
  ocr_text: string | null;
  index_date: string;
  taken_at?: string | null;
  width: number;
  height: number;
  aspect_ratio: number;
  starred: boolean;
  categories: string[] | null;
  local: boolean;
  format: string;
  comments: string | null;
  placeholder?: string | null;
  bytes?: number;
  name?: string | null;
};
export type Hit = { img: Image; score: number; explain?: unknown };
export type Facet = { value: string; count: number };
export type Page = {
  result: Hit[];
  notice?: string | null;
  facets?: { categories?: Facet[] };
};
export type Welcome = {
  authorization: { required: boolean; passed: boolean };
  admin_api: { available: boolean; passed: boolean };
  available_basis: string[];
  semblance?: { gallery: 'demo' | 'folder'; model: { name: string; demo: boolean; languages: string[] } };
};
export type Failure = { id: string; key: string; code: string; message: string; advice: string };
export type ServerInfo = { image_count: number; index_queue_length: number };
export type SimilarGroup = { images: Image[] };
