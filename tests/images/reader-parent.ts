/** A program whose reading process hangs for ever; it prints that process's id. */
import { openReaderPool } from '../../shared/images/reader-pool.ts';
import { demoModel } from '../../shared/models/registry.ts';
import { HANG, PROCESS } from './misbehaving-process.ts';

const pool = openReaderPool({
  model: demoModel(),
  maxPixels: 1,
  workers: 1,
  cpuLimit: 3_600_000,
  entry: new URL('./misbehaving-process.ts', import.meta.url),
});
const [pid] = await pool.embed(Uint8Array.of(PROCESS));
const hangs = pool.embed(Uint8Array.of(HANG));
setTimeout(() => process.send?.(pid), 200);
await hangs;
