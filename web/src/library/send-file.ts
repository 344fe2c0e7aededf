import { api } from '../api/api.ts';
import { ApiError, errorOfBody } from '../api/api-error.ts';
import { API, absoluteUrl } from '../api/client.ts';
import { tokenHeaders } from '../api/tokens.ts';
import { typeOf } from './image-type.ts';

/** Bytes; a function on Lambda takes 4.4 MB of a file, larger ones go to the bucket themselves. */
const THROUGH_API = 4_000_000;

type SendOptions = {
  readonly toBucket: boolean;
  /** Called with the share of the bytes that was sent, 0–1. */
  readonly onSent: (share: number) => void;
};

/**
 * Adds a file to the library.
 * @throws ApiError; status 409 where the library has these bytes already
 */
export async function sendFile(file: File, { toBucket, onSent }: SendOptions): Promise<void> {
  if (toBucket && file.size > THROUGH_API) return sendToBucket(file, onSent);
  const form = new FormData();
  form.set('image_file', file);
  const url = `${API}/admin/upload?local=true`;
  return send({ method: 'POST', url, headers: tokenHeaders() }, form, onSent);
}

async function sendToBucket(file: File, onSent: SendOptions['onSent']): Promise<void> {
  const hash = await crypto.subtle.digest('SHA-1', await file.arrayBuffer());
  const sha1 = [...new Uint8Array(hash)].map(byte => byte.toString(16).padStart(2, '0')).join('');
  const type = typeOf(file);
  if (!type) throw new ApiError(415, 'image_unsupported', 'This is not an image.');
  const { upload } = await api.announce({ name: file.name, bytes: file.size, type, sha1, local: true });
  return send({ ...upload, url: absoluteUrl(upload.url) }, file, onSent);
}

type Target = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** Sends a file by XMLHttpRequest, since fetch doesn't report how much was sent. */
function send(target: Target, body: File | FormData, onSent: SendOptions['onSent']): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(target.method, target.url);
    for (const [name, value] of Object.entries(target.headers)) {
      // Browsers set the length themselves and reject it as a header of the page.
      if (name.toLowerCase() !== 'content-length') request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
    request.onload = () =>
      request.status < 300 ? resolve() : reject(errorOfBody(request.status, request.responseText));
    request.onerror = () =>
      reject(new ApiError(0, 'connection_broken', 'The connection broke; it is sent again.'));
    request.send(body);
  });
}
