import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = ['bench', 'docs', 'gallery', 'models', 'tests', 'web/public'];
const KINDS = /\.(png|jpe?g|webp|avif|gif|bmp|jp2|heic|tiff?|dng|cr2|svg|ttf|otf|woff2?|onnx|tar\.gz)$/i;

async function works(): Promise<string[]> {
  const below = FOLDERS.map(async folder => {
    const files = await readdir(join(ROOT, folder), { recursive: true });
    return files.map(file => join(folder, file));
  });
  return (await Promise.all(below)).flat().filter(file => KINDS.test(file) && !file.includes('node_modules'));
}

test('lists where every image, font and weight comes from', async () => {
  // These are paths as they stand in headings and between backticks.
  const listed = new Set((await readFile(join(ROOT, 'THIRD_PARTY.md'), 'utf8')).split(/[`\s]+|\/(?=[`\s])/));
  const isListed = (path: string): boolean => path !== '.' && (listed.has(path) || isListed(dirname(path)));
  const files = await works();
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter(file => !isListed(file))).toEqual([]);
});
