/** Searches offered on the start page of the demo gallery: only ones that its model answers rightly. */
export const SUGGESTIONS: readonly { readonly en: string; readonly zh: string }[] = [
  { en: 'dog', zh: '狗' },
  { en: 'cat', zh: '猫' },
  { en: 'rainbow', zh: '彩虹' },
  { en: 'bicycle', zh: '自行车' },
  { en: 'strawberry', zh: '草莓' },
  { en: 'rocket', zh: '火箭' },
];
