import { z } from 'zod';
import { clientsOf, openAt } from './function.ts';

// One batch of the embed function in a process of its own, which dies at once when it reads a certain image.
const [endpoint = '', json = '', fatal = ''] = process.argv.slice(2);
const places = z
  .object({
    bucket: z.string(),
    prefix: z.string(),
    derivedBucket: z.string(),
    queueUrl: z.string(),
    indexFile: z.string(),
  })
  .parse(JSON.parse(json));
const f = await openAt(clientsOf(endpoint), places);
const { describe } = f.reader;
f.reader.describe = async (bytes, options) => {
  if (new TextDecoder().decode(bytes) === fatal) process.kill(process.pid, 'SIGKILL');
  return describe(bytes, options);
};
await f.poll();
await f.close();
process.exit(0);
