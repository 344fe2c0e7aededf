import { readFile } from 'node:fs/promises';
import { hc } from 'hono/client';
import type { App } from '../../functions/search/app.ts';

/** Searches a running server and prints what it finds. */
export async function example(baseUrl: string, accessToken: string, adminToken: string, file: string) {
  const client = hc<App>(baseUrl, {
    headers: { 'X-Access-Token': accessToken, 'X-Admin-Token': adminToken },
  });

  // Paths become properties; parameters keep their names. Encode a prompt yourself: it may hold '/'.
  const byText = await client.search.text[':prompt{.+}'].$get({
    param: { prompt: encodeURIComponent('a cat / 猫') },
    query: { count: 3, starred: false },
  });
  if (!byText.ok) throw new Error(await byText.text());
  for (const { img, score } of (await byText.json()).result) console.log(score.toFixed(3), img.id, img.url);

  // Our own search: texts, stored images and weights together, with reasons.
  const byQuery = await client.search.query.$post({
    json: {
      criteria: [{ text: 'cat' }, { text: 'drawing', weight: -0.5 }],
      filter: { formats: ['jpeg', 'png'] },
      explain: true,
      facets: ['categories'],
    },
  });
  const { result, facets } = await byQuery.json();
  console.log(result[0]?.explain?.criteria, facets.categories);

  // Files go as a form.
  const image = new File([new Uint8Array(await readFile(file))], 'image.jpg');
  const uploaded = await client.admin.upload.$post({
    query: { local: true, categories: 'examples' },
    form: { image_file: image },
  });
  if (!uploaded.ok) throw new Error(await uploaded.text());
  const { image_id: id } = await uploaded.json();

  // Every image, page by page.
  let offset: string | null = null;
  do {
    const page = await client.images.$get({
      query: { count: 100, ...(offset ? { prev_offset_id: offset } : {}) },
    });
    const { images, next_page_offset: next } = await page.json();
    console.log(images.length, 'images');
    offset = next;
  } while (offset);
  return id;
}
