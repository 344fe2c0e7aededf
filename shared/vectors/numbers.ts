/** 32-bit integers by index, which grow as they are set; those never set have the value given. */
export interface Numbers {
  at(index: number): number;
  set(index: number, value: number): void;
  /** A view of the first so many, valid until the next `set`. */
  first(count: number): Int32Array;
}

export function createNumbers(unset: number): Numbers {
  let values = new Int32Array(64).fill(unset);
  const reserve = (length: number): void => {
    if (length <= values.length) return;
    const larger = new Int32Array(Math.max(length, Math.ceil(values.length * 1.5)));
    larger.set(values);
    values = larger.fill(unset, values.length);
  };
  return {
    at: index => values[index] ?? unset,
    set(index, value) {
      reserve(index + 1);
      values[index] = value;
    },
    first(count) {
      reserve(count);
      return values.subarray(0, count);
    },
  };
}
