import { api } from '../api/api.ts';
import { absoluteUrl } from '../api/client.ts';
import { saveFile } from '../ui/save-file.ts';

/** What one zip may hold. */
const AT_ONCE = 1000;

/** Gives the user the originals of these images as a zip; several where they are very many. */
export async function downloadImages(ids: readonly string[]): Promise<void> {
  for (let first = 0; first < ids.length; first += AT_ONCE) {
    const { url, files } = await api.download(ids.slice(first, first + AT_ONCE));
    // The server writes the zip while it is read; where files lie in a bucket, it is put together here.
    if (url !== null) follow(absoluteUrl(url));
    else await zipHere(files);
  }
}

/** Lets the browser save a URL, which comes as an attachment, in its own way: with progress, and to the disk. */
function follow(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}

async function zipHere(files: readonly { readonly name: string; readonly url: string }[]): Promise<void> {
  const { downloadZip } = await import('client-zip');
  async function* entries() {
    for (const { name, url } of files) {
      const response = await fetch(absoluteUrl(url));
      if (!response.ok) throw new Error(`${name}: HTTP ${response.status}`);
      yield { name, input: response };
    }
  }
  saveFile('images.zip', await downloadZip(entries()).blob());
}
