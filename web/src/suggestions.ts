/** Searches offered on the start page of the demo gallery: only ones that its model answers rightly. */
export const SUGGESTIONS: readonly { readonly en: string; readonly zh: string }[] = [
  { en: 'dog', zh: '狗' },
  { en: 'rainbow', zh: '彩虹' },
  { en: 'panda', zh: '熊猫' },
  { en: 'strawberry', zh: '草莓' },
  { en: 'birthday cake', zh: '生日蛋糕' },
  { en: 'rocket', zh: '火箭' },
];
