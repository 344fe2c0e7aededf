/** What Linux tells of processes. */
import { readFile } from 'node:fs/promises';

/** Ids of a process's children, of all its threads. */
export async function childProcesses(pid: number = process.pid): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

/** Ids of a process and all that it started, theirs too. */
export async function treeOf(pid: number): Promise<number[]> {
  const below = await Promise.all((await childProcesses(pid)).map(treeOf));
  return [pid, ...below.flat()];
}

/** CPU s of these processes so far, all of their threads; of one that ended, 0. */
export const cpuOf = (pids: readonly number[]): Promise<number> =>
  sumOf(pids, 'stat', text => {
    // The name, in brackets, may hold spaces; utime and stime are fields 14 and 15, in ticks of 10 ms
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  });

/** Resident bytes of these processes in sum, the program's code counted in each; of one that ended, 0. */
export const residentOf = (pids: readonly number[]): Promise<number> =>
  sumOf(pids, 'status', text => kilobytes(/^VmRSS:\s+(\d+)/m.exec(text)));

/** The same with what several have counted in part to each; slower. */
export const proportionalOf = (pids: readonly number[]): Promise<number> =>
  sumOf(pids, 'smaps_rollup', text => kilobytes(/^Pss:\s+(\d+)/m.exec(text)));

/** The most resident bytes that one of these processes has had so far; of one that ended, 0. */
export async function peakOf(pids: readonly number[]): Promise<number> {
  const peaks = pids.map(pid => sumOf([pid], 'status', text => kilobytes(/^VmHWM:\s+(\d+)/m.exec(text))));
  return Math.max(0, ...(await Promise.all(peaks)));
}

const kilobytes = (found: RegExpExecArray | null): number => Number(found?.[1] ?? 0) * 1024;

async function sumOf(pids: readonly number[], file: string, read: (text: string) => number): Promise<number> {
  const texts = await Promise.all(
    pids.map(pid => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => null)),
  );
  return texts.reduce((sum, text) => sum + (text === null ? 0 : read(text)), 0);
}
