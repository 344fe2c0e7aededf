/** Keys that look alike or are alike in some Unicode normal form, and are different objects all the same. */
export const LOOKALIKE_KEYS: readonly string[] = [
  'caf\u00e9/\u00fcber.jpg',
  'caf\u00e9/u\u0308ber.jpg',
  'cafe\u0301/u\u0308ber.jpg',
  '\u795e\u793e.jpg',
  '\ufa19\u793e.jpg',
  '\u00c5.jpg',
  '\u212b.jpg',
  'A\u030a.jpg',
  '300K.jpg',
  '300\u212a.jpg',
];

/** Keys that no file can have, and that are names like others in a bucket. */
export const KEYS_OF_NO_FILE: readonly string[] = [
  'a//b.jpg',
  '/leading.jpg',
  '//x.jpg',
  'a/../b.jpg',
  '../b.jpg',
  './a.jpg',
];
