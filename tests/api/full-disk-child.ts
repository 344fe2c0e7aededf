import { stubbedApp } from './app-stub.ts';

// The process of full-disk.test.ts: sends an upload that is larger than the disk which receives it.
const [temporaryFolder = ''] = process.argv.slice(2);
const app = stubbedApp({ adminTokens: ['rule-me'] }, { temporaryFolder });
const form = new FormData();
form.append('image_file', new Blob([Buffer.alloc(900_000, 1)], { type: 'image/jpeg' }), 'a.jpg');
const response = await app.request('http://localhost/admin/upload?local=true', {
  method: 'POST',
  headers: { 'X-Admin-Token': 'rule-me' },
  body: form,
});
console.log(response.status, await response.text());
