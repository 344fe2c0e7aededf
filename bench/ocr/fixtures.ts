/** Small images in which tests read words, one a kind; drawn like those of kinds.ts. */
import type { Kind } from './kinds.ts';

const SANS = 'DejaVu Sans';
const EMERGENCY = ['Emergency exit through the northern corridor only'];
const SETTINGS = [
  'Settings',
  'Notifications are off',
  'Storage almost full',
  'Sign out of all devices',
  'Last backup yesterday at 21:40',
];

type Fixture = readonly [
  name: string,
  width: number,
  height: number,
  size: number,
  family: string,
  lines: readonly string[],
  rest?: Partial<Kind>,
];

const list: readonly Fixture[] = [
  ['accents-muller-backerei', 600, 300, 48, SANS, ['Müller Bäckerei']],
  ['accents-strasse-12', 500, 200, 48, SANS, ['Straße 12']],
  ['banner-one-line-10-to-1', 1_200, 120, 38, SANS, EMERGENCY],
  ['banner-under-3-to-1', 1_200, 420, 40, SANS, EMERGENCY],
  ['wide-banner-1400x350', 1_400, 350, 64, SANS, ['GRAND OPENING SATURDAY MORNING']],
  ['wide-banner-1920x400', 1_920, 400, 84, SANS, ['WELCOME TO THE ANNUAL CONFERENCE']],
  ['white-text-on-transparent', 500, 120, 44, SANS, ['White on nothing'], { ground: 'none' }],
  ['dark-screenshot', 1_280, 800, 15, 'Liberation Sans', SETTINGS, { ground: 'dark' }],
  [
    'tilted',
    520,
    420,
    34,
    'Liberation Serif',
    ['Lighthouse trail', 'Please keep left', 'closed in winter'],
    { turn: -14 },
  ],
  ['japanese-rows', 480, 200, 34, 'Noto Sans CJK JP', ['本日のおすすめ', 'コーヒーとケーキ 680円']],
  [
    'columns-japanese',
    360,
    420,
    28,
    'Noto Serif CJK JP',
    ['静かにしてください', '桜の花が咲きました', '営業時間'],
    { isColumns: true },
  ],
  [
    'columns-chinese',
    360,
    420,
    40,
    'Noto Sans CJK TC',
    ['出入平安', '歡迎光臨臺北', '週年慶'],
    { isColumns: true },
  ],
  ['korean', 560, 220, 46, 'Noto Sans CJK KR', ['어서 오십시오', '금연 구역입니다']],
  ['cyrillic', 560, 220, 46, SANS, ['Добро пожаловать', 'Не курить здесь']],
  ['arabic', 560, 220, 46, SANS, ['أهلا وسهلا بكم', 'ممنوع التدخين']],
  ['thai', 560, 220, 46, 'Noto Sans Thai', ['ยินดีต้อนรับ', 'ห้ามสูบบุหรี่']],
];

export const fixtures: readonly Kind[] = list.map(([name, width, height, size, family, lines, rest]) => ({
  file: `${name}.png`,
  kind: 'fixture',
  lines,
  family,
  size,
  ground: 'paper',
  canvas: { width, height },
  ...rest,
}));
