/** Labelled images of the kinds that are easily misread: what stands on each, and how it is set. */
import { seededRandom } from '../../scripts/gallery/random.ts';

/** What the letters stand on; `none` is transparency. `photo` and `drawing` are images of this repository. */
export const grounds = ['paper', 'dark', 'noise', 'stripes', 'photo', 'drawing', 'none'] as const;
export type Ground = (typeof grounds)[number];

export type Kind = {
  readonly file: string;
  readonly kind: string;
  /** In reading order. Of a script that is not read: what should be read, which is nothing. */
  readonly lines: readonly string[];
  /** What is drawn, where that is not `lines`. */
  readonly drawn?: readonly string[];
  readonly family: string;
  /** px of an em. */
  readonly size: number;
  readonly ground: Ground;
  /** px; null: as large as the letters and a margin. */
  readonly canvas: { readonly width: number; readonly height: number } | null;
  /** Clockwise, degrees. */
  readonly turn?: number;
  /** How much nearer the left edge is than the right one, as on a sign seen from the left: 0.3 = by three tenths. */
  readonly lean?: number;
  /** One under the other, columns from the right. */
  readonly isColumns?: boolean;
};

type Script = 'en' | 'zh-Hans' | 'zh-Hant' | 'ja' | 'accents';

const texts: Readonly<Record<Script, readonly string[]>> = {
  en: [
    'Mind the step',
    'Fresh bread every morning',
    'Gate 14 closes at 09:45',
    'Lost property office',
    'Boil the kettle twice',
    'Please shut the window',
    'Tickets from $12.50',
    'Ferry to the islands',
    'Closed on public holidays',
    'Keep this side up',
    'Swimming lessons for adults',
    'Next train in 6 minutes',
    'SECOND FLOOR',
    'Chapter 3: The harbour',
    'Wash at 40 degrees',
    'Deliveries at the back door',
  ],
  'zh-Hans': [
    '小心脚下',
    '每天早上现烤面包',
    '登机口九点关闭',
    '失物招领处',
    '请随手关窗',
    '开往海岛的轮渡',
    '节假日休息',
    '此面朝上',
    '成人游泳课报名',
    '下一班列车六分钟后到达',
    '二楼办公室',
    '第三章 港口',
    '四十度水洗',
    '送货请走后门',
    '阅览室里请勿喧哗',
    '雨天路滑减速慢行',
  ],
  'zh-Hant': [
    '小心腳下',
    '每天早上現烤麵包',
    '登機門九點關閉',
    '失物招領處',
    '請隨手關窗',
    '開往海島的渡輪',
    '節慶期間休館',
    '此面朝上',
    '成人游泳課報名',
    '下一班列車六分鐘後抵達',
    '二樓辦公室',
    '舊書與鐘錶專賣',
    '四十度水洗',
    '送貨請走後門',
    '閱覽室裡請勿喧嘩',
    '雨天路滑請減速慢行',
  ],
  ja: [
    '足元にご注意ください',
    '毎朝焼きたてのパン',
    '搭乗口は九時に閉まります',
    '忘れ物センター',
    '窓を閉めてください',
    '島へのフェリー乗り場',
    '祝日はお休みです',
    'こちら側を上にしてください',
    '大人の水泳教室',
    '次の電車まで六分',
    '二階の事務所へどうぞ',
    '古本と時計の専門店',
    '手洗いできます',
    '配達は裏口からお願いします',
    'サンドイッチとスープ',
    '雨の日は滑りやすい',
  ],
  accents: [
    'Frühstück für Gäste',
    'Größe überprüfen',
    'Fermé les jours fériés',
    'Crème glacée à la pêche',
    'Cerrado los días de lluvia',
    '¿Cuánto cuesta el café?',
    'Pão fresco amanhã de manhã',
    'Não há estacionamento',
    'Smørrebrød på lørdag',
    'Räksmörgås och öl',
    'Prosím zavřete dveře',
    'Łódź i wyspy są piękne',
    'Żółta łódka na jeziorze',
    'Şişe açacağı üç lira',
    'Köszönjük, hogy eljött',
    'Țara și mările ei',
  ],
};

const families: Readonly<Record<Script, readonly string[]>> = {
  en: ['Liberation Sans', 'DejaVu Serif', 'DejaVu Sans', 'Liberation Serif'],
  'zh-Hans': ['Noto Sans CJK SC', 'Noto Serif CJK SC'],
  'zh-Hant': ['Noto Sans CJK TC', 'Noto Serif CJK TC'],
  ja: ['Noto Sans CJK JP', 'Noto Serif CJK JP'],
  accents: ['Liberation Sans', 'DejaVu Serif', 'DejaVu Sans', 'Liberation Serif'],
};

const everyScript = ['en', 'zh-Hans', 'zh-Hant', 'ja', 'accents'] as const;
const asian = ['zh-Hans', 'zh-Hant', 'ja'] as const;
const USUAL = { width: 960, height: 640 };

type Settings = Pick<Kind, 'size' | 'ground' | 'canvas'> & Partial<Kind>;

/** Of one kind: an image for each of the scripts, then for each again, and so on. */
function series(
  kind: string,
  name: string,
  count: number,
  among: readonly Script[],
  lineCount: number,
  settings: (i: number) => Settings,
): Kind[] {
  return Array.from({ length: count }, (_, i) => {
    const file = `${name}-${i + 1}.webp`;
    const random = seededRandom(file);
    const script = turn(among, i);
    const from = Math.floor(random.between(0, texts[script].length));
    const lines = Array.from({ length: lineCount }, (_, k) => turn(texts[script], from + 3 * k));
    const family = turn(families[script], Math.floor(i / among.length));
    return { file, kind, lines, family, ...settings(i) };
  });
}

function turn<T>(among: readonly T[], i: number): T {
  const chosen = among[i % among.length];
  if (chosen === undefined) throw new RangeError('Nothing to take turns');
  return chosen;
}

const turn90 = [90, 180, 270];

/** Scripts that the recogniser doesn't know: nothing may be read. */
const unread: readonly {
  readonly name: string;
  readonly family: string;
  readonly drawn: readonly string[];
}[] = [
  { name: 'korean', family: 'Noto Sans CJK KR', drawn: ['어서 오십시오', '금연 구역입니다'] },
  { name: 'cyrillic', family: 'DejaVu Sans', drawn: ['Добро пожаловать', 'Не курить здесь'] },
  { name: 'arabic', family: 'DejaVu Sans', drawn: ['أهلا وسهلا بكم', 'ممنوع التدخين'] },
  { name: 'thai', family: 'Noto Sans Thai', drawn: ['ยินดีต้อนรับ', 'ห้ามสูบบุหรี่'] },
];

export const kinds: readonly Kind[] = [
  ...series('Japanese', 'japanese', 6, ['ja'], 3, i => ({
    size: 48,
    ground: turn(['photo', 'noise', 'drawing', 'stripes', 'paper', 'dark'], i),
    canvas: USUAL,
  })),
  ...series('accents', 'accents', 6, ['accents'], 3, i => ({
    size: 48,
    ground: turn(['photo', 'noise', 'drawing', 'stripes', 'paper', 'dark'], i),
    canvas: USUAL,
  })),
  ...series('screenshots, 13–16 px', 'screenshot', 5, everyScript, 14, i => ({
    size: 13 + (i % 4),
    ground: turn(['paper', 'dark'], i),
    canvas: { width: 1_280, height: 800 },
  })),
  ...series('small print on 6 megapixels', 'small-print', 4, ['en', ...asian], 3, i => ({
    size: 22 + 2 * i,
    ground: turn(['photo', 'drawing'], i),
    canvas: { width: 3_000, height: 2_000 },
  })),
  ...series('columns', 'columns', 8, asian, 4, i => ({
    size: 40,
    ground: turn(['paper', 'noise', 'dark', 'photo'], i),
    canvas: { width: 640, height: 800 },
    isColumns: true,
  })),
  ...series('turned by 90, 180, 270°', 'turned', 15, everyScript, 4, i => ({
    size: 36,
    ground: turn(['paper', 'noise', 'dark', 'stripes'], i),
    canvas: { width: 800, height: 800 },
    turn: turn(turn90, i),
  })),
  ...series('tilted by 8–35°', 'tilted', 10, everyScript, 3, i => ({
    size: 38,
    ground: turn(['paper', 'stripes', 'dark', 'noise'], i),
    canvas: { width: 900, height: 800 },
    turn: (i % 2 === 0 ? 1 : -1) * (8 + 3 * i),
  })),
  ...series('seen from the side', 'side', 5, everyScript, 3, i => ({
    size: 46,
    ground: turn(['paper', 'noise', 'photo', 'dark', 'stripes'], i),
    canvas: USUAL,
    lean: (i % 2 === 0 ? 1 : -1) * (0.3 + 0.05 * i),
  })),
  ...series('wide, 7:1 to 12:1', 'wide', 10, everyScript, 3, i => ({
    size: 64,
    ground: turn(['paper', 'noise', 'dark', 'stripes', 'drawing'], i),
    canvas: null,
  })).map(each => ({ ...each, lines: [each.lines.join(' ')] })),
  ...series('tall, 1:12', 'tall', 3, ['en', 'zh-Hans', 'zh-Hant'], 50, i => ({
    size: 28,
    ground: turn(['paper', 'dark'], i),
    canvas: { width: 480, height: 5_760 },
  })),
  ...series('white on transparency', 'transparent', 4, ['en', ...asian], 2, () => ({
    size: 40,
    ground: 'none',
    canvas: null,
  })),
  ...unread.map(
    ({ name, ...each }, i): Kind => ({
      ...each,
      file: `unread-${name}.webp`,
      kind: 'scripts that are not read',
      lines: [],
      size: 46,
      ground: turn(['paper', 'dark', 'noise'], i),
      canvas: USUAL,
    }),
  ),
];
