/** The labelled images of bench/ocr: what stands on each, and how it is set. */
export const languages = ['en', 'zh-Hans', 'zh-Hant'] as const;
export type Language = (typeof languages)[number];

/** clean: dark on light, 28–64 px; low: hardly darker than the ground; small: 13–15 px; image: on a photograph. */
export const styles = ['clean', 'low contrast', 'small', 'on an image'] as const;
export type Style = (typeof styles)[number];

export type Case = {
  readonly file: string;
  readonly language: Language;
  readonly style: Style;
  /** From top to bottom. */
  readonly lines: readonly string[];
  readonly family: string;
  readonly weight: number;
};

const texts: Readonly<Record<Language, readonly (readonly string[])[]>> = {
  en: [
    ['HAPPY NEW YEAR', 'to all our friends'],
    ['Meeting moved to Thursday', 'Room 204, 10:30', 'Please bring the report'],
    ['SUMMER SALE', 'up to 50% off', 'ends 31 August'],
    ['The quick brown fox', 'jumps over the lazy dog'],
    ['NO ENTRY', 'STAFF ONLY', 'Ring the bell for help'],
    ['Invoice 2026-0117', 'Total due: $1,249.50', 'Thank you for your order'],
  ],
  'zh-Hans': [
    ['新年快乐', '祝大家身体健康'],
    ['会议改到星期四', '二楼会议室 10:30', '请带上报告'],
    ['夏季大促销', '全场五折', '八月三十一日截止'],
    ['床前明月光', '疑是地上霜', '举头望明月'],
    ['禁止入内', '闲人免进', '有事请按门铃'],
    ['发票号码 20260117', '合计 1249.50 元', '谢谢您的订购'],
  ],
  'zh-Hant': [
    ['新年快樂', '祝大家身體健康'],
    ['會議改到星期四', '二樓會議室 10:30', '請帶上報告'],
    ['歡迎光臨', '營業時間', '週一至週五'],
    ['離離原上草', '一歲一枯榮', '野火燒不盡'],
    ['禁止進入', '請勿觸摸展品', '參觀請排隊'],
    ['發票號碼 20260117', '總計 1249.50 元', '謝謝您的訂購'],
  ],
};

const families: Readonly<Record<Language, readonly string[]>> = {
  en: ['DejaVu Sans', 'Liberation Serif', 'Bebas Neue', 'Quicksand', 'League Spartan', 'Lobster Two'],
  'zh-Hans': ['Noto Sans CJK SC', 'Noto Serif CJK SC', 'LXGW WenKai'],
  'zh-Hant': ['Noto Sans CJK TC', 'Noto Serif CJK TC'],
};

const ONLY_CAPITALS = 'Bebas Neue';

const initials: Readonly<Record<Style, string>> = {
  clean: 'clean',
  'low contrast': 'low',
  small: 'small',
  'on an image': 'image',
};

/** Every text in every style; typefaces take turns. */
export const cases: readonly Case[] = languages.flatMap(language =>
  styles.flatMap((style, s) =>
    texts[language].map((lines, i): Case => {
      const among = families[language];
      const family = among[(i + s) % among.length] ?? 'sans-serif';
      return {
        file: `${language}-${initials[style]}-${i + 1}.webp`,
        language,
        style,
        lines: family === ONLY_CAPITALS ? lines.map(text => text.toUpperCase()) : lines,
        family,
        weight: (i + s) % 2 === 0 ? 700 : 400,
      };
    }),
  ),
);
