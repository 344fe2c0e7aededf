import type { SemblanceError } from '../errors.ts';
import type { ImageTask, ReaderResponse } from './reader-messages.ts';

/** An image that waits for a process or is read by one. */
export type Job = {
  readonly request: ImageTask;
  readonly bytes: Uint8Array;
  readonly resolve: (response: ReaderResponse) => void;
  readonly reject: (error: SemblanceError) => void;
};

type Task = ImageTask['task'];

/** Of these a person waits for the response. */
const URGENT: readonly Task[] = ['embed', 'check', 'render'];
const INDEXING: readonly Task[] = ['describe', 'words'];

export const isUrgent = (task: Task): boolean => URGENT.includes(task);

/** Images that wait for a process: those that a person waits for come first. */
export interface ReaderQueue {
  add(job: Job): void;
  /** One that a process gives back is the next of its kind. */
  putBack(job: Job): void;
  /** Takes the first of the first kind that may start. */
  take(mayStart: (task: Task) => boolean): Job | undefined;
  /** How many wait of those that a person waits for, and of those to be indexed. */
  urgent(): number;
  toIndex(): number;
  rejectAll(reason: SemblanceError): void;
}

export function createReaderQueue(): ReaderQueue {
  const waiting: Record<Task, Job[]> = { embed: [], check: [], render: [], describe: [], words: [] };
  const count = (tasks: readonly Task[]): number =>
    tasks.reduce((sum, task) => sum + waiting[task].length, 0);
  return {
    add: job => void waiting[job.request.task].push(job),
    putBack: job => void waiting[job.request.task].unshift(job),
    take(mayStart) {
      const task = [...URGENT, ...INDEXING].find(each => waiting[each].length > 0 && mayStart(each));
      return task && waiting[task].shift();
    },
    urgent: () => count(URGENT),
    toIndex: () => count(INDEXING),
    rejectAll(reason) {
      for (const jobs of Object.values(waiting)) for (const job of jobs.splice(0)) job.reject(reason);
    },
  };
}
