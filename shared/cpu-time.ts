/**
 * CPU time of this process so far, ms: all of its threads, libvips's too. Unlike the clock it stands still while
 * other programs use the machine, so a limit in it means the same on a quiet machine and on a busy one.
 */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
