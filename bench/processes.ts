/** What Linux tells of processes. */
import { readFile } from 'node:fs/promises';

/** Ids of this process's children; Linux only. */
export async function childProcesses(): Promise<number[]> {
  const text = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

/** CPU s of these processes so far, all of their threads; of one that ended, 0. */
export const cpuOf = (pids: readonly number[]): Promise<number> =>
  sumOf(pids, 'stat', text => {
    // the name, in brackets, may hold spaces; utime and stime are fields 14 and 15, in ticks of 10 ms
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  });

/** Resident bytes of these processes in sum, the program's code counted in each; of one that ended, 0. */
export const residentOf = (pids: readonly number[]): Promise<number> =>
  sumOf(pids, 'status', text => Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1] ?? 0) * 1024);

async function sumOf(pids: readonly number[], file: string, read: (text: string) => number): Promise<number> {
  const texts = await Promise.all(
    pids.map(pid => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => null)),
  );
  return texts.reduce((sum, text) => sum + (text === null ? 0 : read(text)), 0);
}
