/**
 * Lets images in as long as what decoding them takes together stays within a budget; one that is larger than the
 * budget alone. In the order of asking, so that a large one gets its turn.
 */
export type Admission = {
  /** Resolves with a function that gives the bytes back, to be called once. */
  enter(bytes: number): Promise<() => void>;
};

/** @param budget bytes */
export function createAdmission(budget: number): Admission {
  let taken = 0;
  const waiting: { readonly bytes: number; readonly admit: () => void }[] = [];

  function admitNext(): void {
    for (let next = waiting[0]; next && (taken === 0 || taken + next.bytes <= budget); next = waiting[0]) {
      waiting.shift();
      taken += next.bytes;
      next.admit();
    }
  }

  return {
    enter: bytes =>
      new Promise(resolve => {
        const leave = () => {
          taken -= bytes;
          admitNext();
        };
        waiting.push({ bytes, admit: () => resolve(leave) });
        admitNext();
      }),
  };
}
