/**
 * Searches offered on the start page of the demo gallery: only ones whose first image is right, which
 * tests/retrieval/retrieval.test.ts holds.
 */
export const SUGGESTIONS: readonly { readonly en: string; readonly zh: string }[] = [
  { en: 'dog', zh: '狗' },
  { en: 'fruit', zh: '水果' },
  { en: 'rainbow', zh: '彩虹' },
  { en: 'vehicle', zh: '车' },
  { en: 'birthday cake', zh: '生日蛋糕' },
  { en: 'monkey and banana', zh: '猴子和香蕉' },
];
