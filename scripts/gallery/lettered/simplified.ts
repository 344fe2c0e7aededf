import { background, circle, glow, linear, newId, path, rect, shadowed, turned } from '../canvas.ts';
import { emoji } from '../emoji.ts';
import { fonts } from '../fonts.ts';
import { column, line } from '../type.ts';
import type { Lettering } from './lettering.ts';
import { border, bunting, card, confetti, neon, pin, rays, scales } from './parts.ts';

const gold = '#ffdf8a';

export const simplified: readonly Lettering[] = [
  {
    file: 'xin-nian-kuai-le',
    languages: ['zh-Hans'],
    words: ['新年快乐', '万事如意'],
    subjects: ['red-paper-lantern', 'firecracker'],
    draw: () => {
      const size = { width: 840, height: 600 };
      return {
        size,
        content:
          background(size, linear(90, '#c8161d', '#a50e16')) +
          scales(size, 44, gold, 0.2) +
          glow(size, 420, 290, 420, 0.16) +
          border(size, 22, gold, 3, 14) +
          emoji('red-paper-lantern', { x: 105, y: 130, size: 150 }) +
          emoji('red-paper-lantern', { x: 735, y: 130, size: 150 }) +
          line('新年快乐', {
            x: 420,
            y: 345,
            size: 150,
            family: fonts.song,
            fill: gold,
            weight: 900,
            spacing: 8,
          }) +
          line('万事如意', {
            x: 420,
            y: 455,
            size: 62,
            family: fonts.song,
            fill: '#fff3d1',
            weight: 600,
            spacing: 18,
          }) +
          emoji('firecracker', { x: 110, y: 478, size: 120 }) +
          emoji('firecracker', { x: 730, y: 478, size: 120, turn: 20 }),
      };
    },
  },
  {
    file: 'sheng-ri-kuai-le',
    languages: ['zh-Hans'],
    words: ['生日快乐', '天天开心'],
    subjects: ['birthday-cake', 'party-popper', 'balloon'],
    draw: random => {
      const size = { width: 640, height: 840 };
      return {
        size,
        content:
          background(size, linear(90, '#e5f3ff', '#ffe3ef')) +
          confetti(size, random, ['#ff8fab', '#ffd166', '#8ecae6', '#b8e0a8'], 70) +
          bunting(size, 14, ['#ffd166', '#ff8fab', '#95d5b2', '#8ecae6']) +
          line('生日快乐', { x: 320, y: 305, size: 132, family: fonts.hei, fill: '#e0457b', weight: 900 }) +
          line('天天开心', { x: 320, y: 385, size: 54, family: fonts.kai, fill: '#6b5b95', spacing: 10 }) +
          emoji('birthday-cake', { x: 320, y: 600, size: 330 }) +
          emoji('party-popper', { x: 92, y: 735, size: 120 }) +
          emoji('balloon', { x: 560, y: 500, size: 120, turn: 10 }),
      };
    },
  },
  {
    file: 'jin-zhi-ting-che',
    languages: ['zh-Hans'],
    words: ['禁止停车', '消防通道'],
    subjects: ['fire-engine'],
    draw: () => {
      const size = { width: 840, height: 600 };
      return {
        size,
        content:
          background(size, linear(90, '#eceff3', '#d3dae3')) +
          card(50, 50, 740, 500, '#d5252f', 24) +
          border(size, 70, '#ffffff', 8, 16) +
          line('禁止停车', {
            x: 420,
            y: 275,
            size: 150,
            family: fonts.hei,
            fill: '#ffffff',
            weight: 900,
            spacing: 4,
          }) +
          rect(120, 320, 600, 5, { fill: '#fff' }) +
          emoji('fire-engine', { x: 200, y: 430, size: 150, shadow: false }) +
          line('消防通道', {
            x: 490,
            y: 455,
            size: 78,
            family: fonts.hei,
            fill: '#ffe38a',
            weight: 700,
            spacing: 10,
          }),
      };
    },
  },
  {
    file: 'huan-ying-guang-lin',
    languages: ['zh-Hans'],
    words: ['欢迎光临', '里面请'],
    subjects: ['steaming-bowl', 'dumpling'],
    draw: () => {
      const size = { width: 864, height: 540 };
      const cloths = Array.from({ length: 4 }, (_, i) =>
        rect(66 + i * 184, 70, 180, 300, { fill: '#1f4e79', rx: 4 }),
      );
      const letters = [...'欢迎光临'].map((char, i) =>
        line(char, { x: 156 + i * 184, y: 270, size: 140, family: fonts.song, fill: '#fff6e3', weight: 900 }),
      );
      return {
        size,
        content:
          background(size, linear(90, '#f3e3cb', '#e2c7a0')) +
          rect(30, 50, 804, 24, { fill: '#7b4b2a', rx: 12 }) +
          shadowed(cloths.join(''), 8) +
          letters.join('') +
          emoji('steaming-bowl', { x: 160, y: 452, size: 130 }) +
          emoji('dumpling', { x: 704, y: 452, size: 130 }) +
          line('里面请', { x: 432, y: 475, size: 62, family: fonts.kai, fill: '#6a4323', spacing: 12 }),
      };
    },
  },
  {
    file: 'ying-ye-zhong',
    languages: ['zh-Hans'],
    words: ['营业中', '24小时'],
    subjects: ['owl'],
    draw: () => {
      const size = { width: 720, height: 720 };
      const sign =
        circle(360, 360, 270, { fill: 'none', stroke: '#ff5c8a', 'stroke-width': 10 }) +
        line('营业中', { x: 360, y: 400, size: 150, family: fonts.hei, fill: '#8ff7ff', weight: 500 });
      const below = line('24小时', {
        x: 360,
        y: 510,
        size: 66,
        family: fonts.hei,
        fill: '#ffe38a',
        weight: 500,
      });
      return {
        size,
        content:
          background(size, linear(90, '#20284d', '#11162e')) +
          neon(sign, newId()) +
          neon(below, newId()) +
          emoji('owl', { x: 360, y: 205, size: 140 }),
      };
    },
  },
  {
    file: 'qing-wu-xi-yan',
    languages: ['zh-Hans', 'en'],
    words: ['请勿吸烟', 'NO SMOKING'],
    subjects: ['no-smoking'],
    draw: () => {
      const size = { width: 640, height: 800 };
      return {
        size,
        content:
          background(size, linear(60, '#dfeaf2', '#c3d4e2')) +
          card(64, 56, 512, 688, '#ffffff', 26) +
          emoji('no-smoking', { x: 320, y: 285, size: 360, shadow: false }) +
          line('请勿吸烟', {
            x: 320,
            y: 580,
            size: 104,
            family: fonts.hei,
            fill: '#c6202b',
            weight: 900,
            spacing: 4,
          }) +
          line('NO SMOKING', { x: 320, y: 675, size: 68, family: fonts.poster, fill: '#39424e', spacing: 6 }),
      };
    },
  },
  {
    file: 'xiao-xin-di-hua',
    languages: ['zh-Hans'],
    words: ['小心地滑'],
    subjects: ['warning', 'sweat-droplets'],
    draw: () => {
      const size = { width: 800, height: 600 };
      const stripes = Array.from({ length: 16 }, (_, i) =>
        path(`M${i * 64 - 60} 0h32l-60 60h-32Z`, { fill: '#1d1d1f' }),
      ).join('');
      return {
        size,
        content:
          background(size, linear(90, '#ffd23f', '#ffc107')) +
          stripes +
          `<g transform="translate(0 540)">${stripes}</g>` +
          emoji('warning', { x: 400, y: 210, size: 230, shadow: false }) +
          emoji('sweat-droplets', { x: 650, y: 210, size: 120, shadow: false }) +
          line('小心地滑', {
            x: 400,
            y: 475,
            size: 150,
            family: fonts.hei,
            fill: '#1d1d1f',
            weight: 900,
            spacing: 6,
          }),
      };
    },
  },
  {
    file: 'zhong-qiu-kuai-le',
    languages: ['zh-Hans'],
    words: ['中秋快乐', '花好月圆'],
    subjects: ['full-moon', 'moon-cake', 'rabbit-face'],
    draw: random => {
      const size = { width: 640, height: 900 };
      return {
        size,
        content:
          background(size, linear(90, '#1c2a5c', '#5b4b9a')) +
          confetti(size, random, ['#fff6d8', '#ffe9a8'], 30) +
          circle(380, 310, 232, { fill: '#fff1b8', opacity: 0.25 }) +
          circle(380, 310, 200, { fill: '#ffeeb0' }) +
          column('中秋快乐', { x: 130, y: 190, size: 112, family: fonts.kai, fill: '#fff3cf' }) +
          emoji('rabbit-face', { x: 385, y: 320, size: 210 }) +
          emoji('moon-cake', { x: 320, y: 740, size: 170 }) +
          emoji('moon-cake', { x: 480, y: 775, size: 130, turn: 14 }) +
          line('花好月圆', { x: 410, y: 600, size: 62, family: fonts.kai, fill: '#ffe9a8', spacing: 10 }),
      };
    },
  },
  {
    file: 'jin-ri-cai-dan',
    languages: ['zh-Hans'],
    words: ['今日菜单', '牛肉面 28元', '水饺 18元', '扬州炒饭 16元', '凉拌黄瓜 12元', '豆浆 5元'],
    subjects: ['steaming-bowl', 'chopsticks'],
    draw: () => {
      const size = { width: 640, height: 854 };
      const rows = [
        ['牛肉面', '28元'],
        ['水饺', '18元'],
        ['扬州炒饭', '16元'],
        ['凉拌黄瓜', '12元'],
        ['豆浆', '5元'],
      ] as const;
      const ink = { size: 48, family: fonts.kai, fill: '#3b2a20' };
      const items = rows.map(([dish, price], i) => {
        const y = 402 + i * 80;
        return (
          line(dish, { ...ink, x: 110, y, anchor: 'start' }) +
          path(`M330 ${y - 12}H440`, { stroke: '#b79b7c', 'stroke-width': 3, 'stroke-dasharray': '3 9' }) +
          line(price, { ...ink, x: 530, y, anchor: 'end', fill: '#b3261e' })
        );
      });
      return {
        size,
        content:
          background(size, linear(90, '#8f2f24', '#6e1f18')) +
          card(44, 44, 552, 766, '#fbf3e2', 8) +
          border(size, 64, '#c9a26b', 3) +
          emoji('steaming-bowl', { x: 320, y: 150, size: 130 }) +
          line('今日菜单', {
            x: 320,
            y: 300,
            size: 84,
            family: fonts.song,
            fill: '#8f2f24',
            weight: 900,
            spacing: 10,
          }) +
          items.join(''),
      };
    },
  },
  {
    file: 'nai-cha',
    languages: ['zh-Hans'],
    words: ['珍珠奶茶', '买一送一', '仅限今天'],
    subjects: ['bubble-tea'],
    draw: () => {
      const size = { width: 720, height: 720 };
      return {
        size,
        content:
          background(size, linear(60, '#ffe2c6', '#f9bfa0')) +
          rays(size, 500, 400, '#fff', 0.16, 18) +
          emoji('bubble-tea', { x: 528, y: 385, size: 390 }) +
          line('珍珠', {
            x: 60,
            y: 210,
            size: 140,
            family: fonts.hei,
            fill: '#6d3b1f',
            weight: 900,
            anchor: 'start',
          }) +
          line('奶茶', {
            x: 60,
            y: 360,
            size: 140,
            family: fonts.hei,
            fill: '#6d3b1f',
            weight: 900,
            anchor: 'start',
          }) +
          rect(56, 430, 330, 100, { fill: '#e5484d', rx: 18 }) +
          line('买一送一', {
            x: 221,
            y: 502,
            size: 66,
            family: fonts.hei,
            fill: '#fff',
            weight: 900,
            spacing: 4,
          }) +
          line('仅限今天', {
            x: 62,
            y: 610,
            size: 50,
            family: fonts.kai,
            fill: '#8a4b2a',
            anchor: 'start',
            spacing: 6,
          }),
      };
    },
  },
  {
    file: 'kai-hui-tong-zhi',
    languages: ['zh-Hans'],
    words: ['下午三点开会', '带上电脑', '三楼会议室'],
    subjects: ['alarm-clock', 'laptop'],
    draw: () => {
      const size = { width: 840, height: 600 };
      const note = (x: number, fill: string, content: string, turn: number) =>
        turned(card(x, 120, 350, 350, fill, 4) + content, turn, x + 175, 295);
      const ink = { family: fonts.kai, fill: '#33415c', size: 58 };
      return {
        size,
        content:
          background(size, linear(60, '#f0e6d8', '#dfd0bb')) +
          note(
            50,
            '#ffe98f',
            line('下午三点', { ...ink, x: 225, y: 235 }) +
              line('开会', { ...ink, x: 225, y: 320, size: 70, fill: '#c2362b' }) +
              emoji('alarm-clock', { x: 225, y: 400, size: 100, shadow: false }),
            -4,
          ) +
          note(
            440,
            '#bfe8d2',
            line('带上电脑', { ...ink, x: 615, y: 235 }) +
              line('三楼会议室', { ...ink, x: 615, y: 315, size: 50 }) +
              emoji('laptop', { x: 615, y: 398, size: 110, shadow: false }),
            3,
          ) +
          pin(228, 130, '#e5484d') +
          pin(618, 132, '#3a86d6'),
      };
    },
  },
  {
    file: 'xie-xie-lao-shi',
    languages: ['zh-Hans'],
    words: ['谢谢老师', '教师节快乐'],
    subjects: ['bouquet', 'books', 'red-apple'],
    draw: () => {
      const size = { width: 800, height: 600 };
      return {
        size,
        content:
          background(size, linear(90, '#2f5d50', '#23463c')) +
          border(size, 0, '#b98a57', 44) +
          line('谢谢老师', { x: 400, y: 255, size: 136, family: fonts.kai, fill: '#fdf8e8', spacing: 8 }) +
          line('教师节快乐', { x: 400, y: 345, size: 60, family: fonts.kai, fill: '#ffd98a', spacing: 10 }) +
          emoji('books', { x: 190, y: 475, size: 140 }) +
          emoji('bouquet', { x: 400, y: 470, size: 150 }) +
          emoji('red-apple', { x: 610, y: 475, size: 120 }),
      };
    },
  },
  {
    file: 'bao-chi-an-jing',
    languages: ['zh-Hans'],
    words: ['保持安静', '阅览室'],
    subjects: ['shushing-face', 'open-book'],
    draw: () => {
      const size = { width: 640, height: 800 };
      return {
        size,
        content:
          background(size, linear(90, '#dfeeff', '#bcd6f5')) +
          glow(size, 320, 270, 320, 0.8) +
          emoji('shushing-face', { x: 320, y: 270, size: 330 }) +
          line('保持安静', {
            x: 320,
            y: 575,
            size: 122,
            family: fonts.hei,
            fill: '#1f4e86',
            weight: 900,
            spacing: 2,
          }) +
          rect(180, 620, 280, 84, { fill: '#1f4e86', rx: 42 }) +
          line('阅览室', {
            x: 320,
            y: 680,
            size: 50,
            family: fonts.hei,
            fill: '#fff',
            weight: 500,
            spacing: 8,
          }),
      };
    },
  },
  {
    file: 'zhou-mo-yin-yue-hui',
    languages: ['zh-Hans'],
    words: ['周末音乐会', '星期六晚上八点', '人民公园'],
    subjects: ['violin', 'musical-notes'],
    draw: () => {
      const size = { width: 640, height: 900 };
      return {
        size,
        content:
          background(size, linear(120, '#5a2a6b', '#2b1b4d')) +
          circle(320, 380, 250, { fill: '#ff9e6d', opacity: 0.9 }) +
          circle(320, 380, 190, { fill: '#ffc48a' }) +
          emoji('violin', { x: 320, y: 390, size: 360 }) +
          emoji('musical-notes', { x: 545, y: 235, size: 110, shadow: false }) +
          line('周末音乐会', {
            x: 320,
            y: 120,
            size: 108,
            family: fonts.song,
            fill: '#fff0dc',
            weight: 900,
          }) +
          line('星期六晚上八点', {
            x: 320,
            y: 745,
            size: 66,
            family: fonts.hei,
            fill: '#ffd08a',
            weight: 700,
          }) +
          line('人民公园', {
            x: 320,
            y: 825,
            size: 54,
            family: fonts.hei,
            fill: '#fff0dc',
            weight: 500,
            spacing: 12,
          }),
      };
    },
  },
  {
    file: 'wan-an',
    languages: ['zh-Hans'],
    words: ['晚安', '做个好梦'],
    subjects: ['crescent-moon', 'sleeping-face'],
    draw: random => {
      const size = { width: 864, height: 540 };
      return {
        size,
        content:
          background(size, linear(90, '#2b2f77', '#7a6bc4')) +
          confetti(size, random, ['#ffffff', '#ffeaa6'], 26) +
          emoji('crescent-moon', { x: 215, y: 250, size: 290 }) +
          emoji('sleeping-face', { x: 760, y: 440, size: 110 }) +
          line('晚安', { x: 570, y: 285, size: 190, family: fonts.kai, fill: '#fff4d0' }) +
          line('做个好梦', { x: 560, y: 390, size: 62, family: fonts.kai, fill: '#e4dcff', spacing: 10 }),
      };
    },
  },
  {
    file: 'fu',
    languages: ['zh-Hans'],
    words: ['福', '春节快乐', '恭喜发财'],
    subjects: ['red-paper-lantern'],
    draw: () => {
      const size = { width: 720, height: 720 };
      const strip = (x: number, text: string) =>
        card(x, 80, 104, 560, '#d01c1f', 6) +
        column(text, {
          x: x + 52,
          y: 190,
          size: 80,
          family: fonts.song,
          fill: gold,
          weight: 900,
          spacing: 30,
        });
      return {
        size,
        content:
          background(size, linear(60, '#fdf0d9', '#f3d9ac')) +
          strip(48, '春节快乐') +
          strip(568, '恭喜发财') +
          turned(card(235, 235, 250, 250, '#d01c1f', 6), 45, 360, 360) +
          line('福', { x: 360, y: 425, size: 180, family: fonts.song, fill: gold, weight: 900 }) +
          emoji('red-paper-lantern', { x: 360, y: 95, size: 110 }),
      };
    },
  },
];
