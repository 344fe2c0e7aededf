import { background, circle, glow, linear, newId, path, rect, shadowed, turned } from '../canvas.ts';
import { emoji } from '../emoji.ts';
import { fonts } from '../fonts.ts';
import { line } from '../type.ts';
import type { Lettering } from './lettering.ts';
import { border, bunting, card, confetti, neon, pin, rays } from './parts.ts';

export const english: readonly Lettering[] = [
  {
    file: 'happy-new-year',
    languages: ['en'],
    words: ['Happy', 'New Year'],
    subjects: ['bottle-with-popping-cork', 'clinking-glasses', 'sparkles'],
    draw: random => {
      const size = { width: 640, height: 840 };
      const gold = '#ffd873';
      return {
        size,
        content:
          background(size, linear(90, '#141a47', '#3b2a74')) +
          confetti(size, random, ['#ffd873', '#ff8fa8', '#8fd8ff', '#ffffff'], 60) +
          emoji('bottle-with-popping-cork', { x: 320, y: 225, size: 320 }) +
          line('Happy', { x: 320, y: 490, size: 130, family: fonts.script, fill: gold }) +
          line('New Year', { x: 320, y: 620, size: 130, family: fonts.script, fill: gold }) +
          emoji('clinking-glasses', { x: 320, y: 740, size: 130 }) +
          emoji('sparkles', { x: 130, y: 150, size: 110, shadow: false }) +
          emoji('sparkles', { x: 520, y: 320, size: 90, shadow: false }),
      };
    },
  },
  {
    file: 'happy-birthday',
    languages: ['en'],
    words: ['Happy', 'Birthday!'],
    subjects: ['birthday-cake', 'balloon'],
    draw: random => {
      const size = { width: 840, height: 600 };
      return {
        size,
        content:
          background(size, linear(60, '#fff0f6', '#ffe0c7')) +
          confetti(size, random, ['#ff8fab', '#ffd166', '#8ecae6', '#b8e0a8'], 60) +
          bunting(size, 10, ['#ff8fab', '#ffd166', '#8ecae6', '#95d5b2', '#cdb4db']) +
          emoji('birthday-cake', { x: 185, y: 395, size: 280 }) +
          emoji('balloon', { x: 762, y: 215, size: 120, turn: 12 }) +
          line('Happy', { x: 560, y: 335, size: 116, family: fonts.script, fill: '#e0457b' }) +
          line('Birthday!', { x: 565, y: 455, size: 116, family: fonts.script, fill: '#e0457b' }),
      };
    },
  },
  {
    file: 'sale',
    languages: ['en'],
    words: ['SUMMER', 'SALE', '50% OFF', 'this weekend only'],
    subjects: ['shopping-bags'],
    draw: () => {
      const size = { width: 720, height: 720 };
      const red = '#e5322d';
      return {
        size,
        content:
          background(size, linear(45, '#ff6b4a', '#e5322d')) +
          rays(size, 360, 360, '#fff', 0.1) +
          shadowed(circle(360, 350, 285, { fill: '#fff7e3' }), 14) +
          line('SUMMER', { x: 360, y: 215, size: 74, family: fonts.geometric, fill: red, spacing: 12 }) +
          line('SALE', { x: 360, y: 395, size: 228, family: fonts.poster, fill: red, weight: 700 }) +
          rect(120, 420, 480, 98, { fill: '#ffc933', rx: 14 }) +
          line('50% OFF', { x: 360, y: 498, size: 88, family: fonts.geometric, fill: '#7a1612' }) +
          line('this weekend only', { x: 360, y: 570, size: 40, family: fonts.round, fill: red }) +
          emoji('shopping-bags', { x: 606, y: 622, size: 170, turn: 8 }),
      };
    },
  },
  {
    file: 'open',
    languages: ['en'],
    words: ['COFFEE', 'OPEN'],
    subjects: ['hot-beverage'],
    draw: () => {
      const size = { width: 840, height: 560 };
      const bricks = Array.from({ length: 12 }, (_, row) =>
        Array.from({ length: 9 }, (_, i) =>
          rect(i * 106 - (row % 2 ? 53 : 0), row * 48, 102, 44, { fill: '#fff', opacity: 0.035, rx: 3 }),
        ).join(''),
      );
      const tube = { fill: 'none', stroke: '#ff5c8a', 'stroke-width': 9, rx: 46 };
      const sign =
        rect(120, 120, 600, 320, tube) +
        line('OPEN', { x: 420, y: 388, size: 176, family: fonts.round, fill: '#7df9ff', spacing: 10 });
      const head = line('COFFEE', {
        x: 385,
        y: 210,
        size: 64,
        family: fonts.round,
        fill: '#ffe38a',
        spacing: 14,
      });
      return {
        size,
        content:
          background(size, linear(90, '#2b1b3d', '#191028')) +
          bricks.join('') +
          neon(sign, newId()) +
          neon(head, newId()) +
          emoji('hot-beverage', { x: 592, y: 185, size: 84 }),
      };
    },
  },
  {
    file: 'no-parking',
    languages: ['en'],
    words: ['NO PARKING', 'DAY AND NIGHT'],
    subjects: ['automobile', 'prohibited'],
    draw: () => {
      const size = { width: 640, height: 854 };
      return {
        size,
        content:
          background(size, linear(90, '#bfe0f7', '#eaf4fb')) +
          rect(306, 700, 28, 160, { fill: '#9aa6b5' }) +
          card(70, 60, 500, 660, '#ffffff', 28) +
          rect(88, 78, 464, 624, { fill: 'none', stroke: '#d5252f', 'stroke-width': 10, rx: 18 }) +
          emoji('automobile', { x: 320, y: 290, size: 250, shadow: false }) +
          circle(320, 290, 168, { fill: 'none', stroke: '#d5252f', 'stroke-width': 34 }) +
          path('M203 173L437 407', { stroke: '#d5252f', 'stroke-width': 34 }) +
          line('NO PARKING', { x: 320, y: 590, size: 104, family: fonts.poster, fill: '#d5252f' }) +
          line('DAY AND NIGHT', { x: 320, y: 655, size: 50, family: fonts.poster, fill: '#3a4250' }),
      };
    },
  },
  {
    file: 'thank-you',
    languages: ['en'],
    words: ['Thank you', 'for everything'],
    subjects: ['bouquet'],
    draw: () => {
      const size = { width: 800, height: 600 };
      return {
        size,
        content:
          background(size, linear(60, '#f7e3d4', '#f1d1d6')) +
          card(60, 55, 680, 490, '#fffdf9', 10) +
          border({ width: 800, height: 600 }, 82, '#e2b9a6', 2) +
          emoji('bouquet', { x: 240, y: 300, size: 290, turn: -8 }) +
          line('Thank you', { x: 540, y: 300, size: 78, family: fonts.script, fill: '#b14b62' }) +
          line('for everything', { x: 540, y: 366, size: 36, family: fonts.round, fill: '#7d6a62' }),
      };
    },
  },
  {
    file: 'coffee-menu',
    languages: ['en'],
    words: ['MENU', 'Espresso 2.50', 'Cappuccino 3.40', 'Green tea 2.80', 'Croissant 2.20', 'Apple pie 4.10'],
    subjects: ['hot-beverage', 'croissant'],
    draw: () => {
      const size = { width: 640, height: 854 };
      const rows = ['Espresso 2.50', 'Cappuccino 3.40', 'Green tea 2.80', 'Croissant 2.20', 'Apple pie 4.10'];
      const chalk = { size: 44, family: fonts.round, fill: '#f4f1e6' };
      const items = rows.map((row, i) => {
        const [, name = row, price = ''] = /^(.*) ([\d.]+)$/.exec(row) ?? [];
        const y = 400 + i * 78;
        return (
          line(name, { ...chalk, x: 100, y, anchor: 'start' }) +
          line(price, { ...chalk, x: 540, y, anchor: 'end', fill: '#ffd98a' })
        );
      });
      return {
        size,
        content:
          background(size, linear(90, '#b98555', '#946238')) +
          card(36, 36, 568, 782, '#26332f', 14) +
          glow(size, 200, 200, 500, 0.08) +
          line('MENU', { x: 320, y: 250, size: 150, family: fonts.poster, fill: '#fffbea', spacing: 14 }) +
          path('M110 290H530', { stroke: '#f4f1e6', 'stroke-width': 3, 'stroke-dasharray': '2 10' }) +
          items.join('') +
          emoji('hot-beverage', { x: 150, y: 110, size: 90 }) +
          emoji('croissant', { x: 500, y: 110, size: 90 }),
      };
    },
  },
  {
    file: 'shopping-list',
    languages: ['en'],
    words: ["Don't forget:", 'milk', 'eggs', 'bread', 'cat food'],
    subjects: ['glass-of-milk', 'egg', 'bread'],
    draw: () => {
      const size = { width: 720, height: 720 };
      const items = ['milk', 'eggs', 'bread', 'cat food'].map((item, i) =>
        line(`– ${item}`, {
          x: 180,
          y: 330 + i * 74,
          size: 54,
          family: fonts.round,
          fill: '#43506b',
          anchor: 'start',
        }),
      );
      const note =
        card(130, 100, 460, 520, '#fff3a6', 4) +
        line("Don't forget:", { x: 360, y: 235, size: 66, family: fonts.script, fill: '#c2472f' }) +
        items.join('') +
        emoji('glass-of-milk', { x: 525, y: 305, size: 90 }) +
        emoji('egg', { x: 525, y: 410, size: 80 }) +
        emoji('bread', { x: 525, y: 515, size: 90 });
      return {
        size,
        content:
          background(size, linear(60, '#dfe9f3', '#c4d3e6')) +
          turned(note, -4, 360, 360) +
          pin(356, 130, '#e5484d'),
      };
    },
  },
  {
    file: 'jazz-night',
    languages: ['en'],
    words: ['JAZZ', 'NIGHT', 'Friday 8 pm', 'Blue Moon Club'],
    subjects: ['saxophone'],
    draw: () => {
      const size = { width: 640, height: 900 };
      return {
        size,
        content:
          background(size, linear(120, '#123c69', '#0b2545')) +
          circle(430, 420, 300, { fill: '#f2b134' }) +
          circle(430, 420, 236, { fill: '#ed8b2d' }) +
          emoji('saxophone', { x: 420, y: 440, size: 430 }) +
          line('JAZZ', { x: 48, y: 210, size: 230, family: fonts.poster, fill: '#fff4dd', anchor: 'start' }) +
          line('NIGHT', {
            x: 52,
            y: 350,
            size: 150,
            family: fonts.poster,
            fill: '#fff4dd',
            anchor: 'start',
          }) +
          rect(52, 735, 536, 4, { fill: '#f2b134' }) +
          line('Friday 8 pm', {
            x: 52,
            y: 805,
            size: 62,
            family: fonts.geometric,
            fill: '#f2b134',
            anchor: 'start',
          }) +
          line('Blue Moon Club', {
            x: 52,
            y: 855,
            size: 42,
            family: fonts.geometric,
            fill: '#fff4dd',
            anchor: 'start',
          }),
      };
    },
  },
  {
    file: 'farmers-market',
    languages: ['en'],
    words: ['FARMERS', 'MARKET', 'every Saturday 7 to 12'],
    subjects: ['tomato', 'carrot', 'ear-of-corn', 'eggplant', 'broccoli'],
    draw: () => {
      const size = { width: 864, height: 576 };
      const awning = Array.from({ length: 12 }, (_, i) =>
        path(`M${i * 72} 0H${i * 72 + 72}V84a36 36 0 0 1 -72 0Z`, { fill: i % 2 ? '#ffffff' : '#3f9a61' }),
      );
      const produce = ['tomato', 'carrot', 'ear-of-corn', 'eggplant', 'broccoli'].map((name, i) =>
        emoji(name, { x: 144 + i * 144, y: 490, size: 136, turn: i % 2 ? 8 : -8 }),
      );
      return {
        size,
        content:
          background(size, linear(90, '#fdf3da', '#f7e3b5')) +
          shadowed(awning.join(''), 8) +
          line('FARMERS', {
            x: 432,
            y: 245,
            size: 118,
            family: fonts.geometric,
            fill: '#2f6f49',
            spacing: 6,
          }) +
          line('MARKET', {
            x: 432,
            y: 345,
            size: 118,
            family: fonts.geometric,
            fill: '#d9542b',
            spacing: 14,
          }) +
          line('every Saturday 7 to 12', { x: 432, y: 400, size: 38, family: fonts.round, fill: '#5b4a33' }) +
          produce.join(''),
      };
    },
  },
  {
    file: 'boarding-pass',
    languages: ['en'],
    words: ['BOARDING PASS', 'PARIS', 'TOKYO', 'Gate 12', 'Seat 14A', 'Boarding 09:45'],
    subjects: ['airplane'],
    draw: () => {
      const size = { width: 896, height: 504 };
      const small = { size: 34, family: fonts.geometric, fill: '#33476b', anchor: 'start' } as const;
      const bars = Array.from({ length: 26 }, (_, i) =>
        rect(726, 150 + i * 8, 90, i % 3 ? 3 : 6, { fill: '#33476b' }),
      );
      return {
        size,
        content:
          background(size, linear(45, '#a9d8ff', '#d9e7ff')) +
          card(50, 60, 796, 384, '#ffffff', 26) +
          path('M50 86a26 26 0 0 1 26 -26H820a26 26 0 0 1 26 26V134H50Z', { fill: '#2f6fd6' }) +
          line('BOARDING PASS', {
            x: 86,
            y: 112,
            size: 44,
            family: fonts.geometric,
            fill: '#fff',
            anchor: 'start',
            spacing: 4,
          }) +
          path('M690 150V430', { stroke: '#b9c6da', 'stroke-width': 4, 'stroke-dasharray': '4 12' }) +
          line('PARIS', {
            x: 86,
            y: 272,
            size: 108,
            family: fonts.poster,
            fill: '#1e2d4d',
            anchor: 'start',
          }) +
          emoji('airplane', { x: 375, y: 232, size: 110, turn: 45 }) +
          line('TOKYO', { x: 660, y: 272, size: 108, family: fonts.poster, fill: '#1e2d4d', anchor: 'end' }) +
          line('Gate 12', { ...small, x: 86, y: 372 }) +
          line('Seat 14A', { ...small, x: 250, y: 372 }) +
          line('Boarding 09:45', { ...small, x: 426, y: 372 }) +
          bars.join(''),
      };
    },
  },
  {
    file: 'lost-cat',
    languages: ['en'],
    words: ['LOST CAT', 'Mimi, orange, very shy', 'Please call 555 0142'],
    subjects: ['cat-face'],
    draw: () => {
      const size = { width: 640, height: 854 };
      return {
        size,
        content:
          background(size, linear(60, '#d8c3a5', '#c7ab85')) +
          card(56, 50, 528, 754, '#fffef8', 4) +
          line('LOST CAT', { x: 320, y: 190, size: 132, family: fonts.poster, fill: '#d5252f' }) +
          rect(110, 220, 420, 390, { fill: '#cfe8f5' }) +
          emoji('cat-face', { x: 320, y: 420, size: 340 }) +
          line('Mimi, orange, very shy', {
            x: 320,
            y: 675,
            size: 38,
            family: fonts.geometric,
            fill: '#2e3440',
            weight: 500,
          }) +
          line('Please call 555 0142', {
            x: 320,
            y: 745,
            size: 44,
            family: fonts.geometric,
            fill: '#2e3440',
          }) +
          pin(320, 62, '#3a86d6'),
      };
    },
  },
  {
    file: 'quiet-please',
    languages: ['en'],
    words: ['QUIET', 'PLEASE', 'Library'],
    subjects: ['shushing-face', 'books'],
    draw: () => {
      const size = { width: 840, height: 560 };
      const text = { x: 420, family: fonts.geometric, fill: '#23405e', anchor: 'start' } as const;
      return {
        size,
        content:
          background(size, linear(60, '#e2eefb', '#c9dcf5')) +
          card(50, 50, 740, 460, '#ffffff', 30) +
          emoji('shushing-face', { x: 235, y: 260, size: 300 }) +
          line('QUIET', { ...text, y: 230, size: 116 }) +
          line('PLEASE', { ...text, y: 340, size: 96, fill: '#3a86d6' }) +
          line('Library', { ...text, y: 430, size: 48, weight: 500 }) +
          emoji('books', { x: 690, y: 412, size: 120 }),
      };
    },
  },
  {
    file: 'get-well-soon',
    languages: ['en'],
    words: ['Get well', 'soon'],
    subjects: ['teddy-bear', 'adhesive-bandage', 'red-heart'],
    draw: () => {
      const size = { width: 720, height: 720 };
      return {
        size,
        content:
          background(size, linear(90, '#e0f7ef', '#bfe9dc')) +
          glow(size, 360, 260, 330, 0.8) +
          emoji('teddy-bear', { x: 360, y: 255, size: 340 }) +
          emoji('red-heart', { x: 560, y: 140, size: 90, turn: 12 }) +
          emoji('adhesive-bandage', { x: 160, y: 150, size: 90, turn: -10 }) +
          line('Get well', { x: 360, y: 540, size: 118, family: fonts.script, fill: '#1f8a70' }) +
          line('soon', { x: 360, y: 645, size: 118, family: fonts.script, fill: '#1f8a70' }),
      };
    },
  },
  {
    file: 'wet-floor',
    languages: ['en'],
    words: ['CAUTION', 'WET FLOOR'],
    subjects: ['warning', 'droplet'],
    draw: () => {
      const size = { width: 640, height: 800 };
      return {
        size,
        content:
          background(size, linear(90, '#eef2f6', '#cfd9e4')) +
          shadowed(path('M150 90Q320 40 490 90L560 740H80Z', { fill: '#ffc72c' }), 14) +
          line('CAUTION', { x: 320, y: 225, size: 104, family: fonts.poster, fill: '#1d1d1f', spacing: 4 }) +
          emoji('warning', { x: 320, y: 390, size: 240, shadow: false }) +
          line('WET FLOOR', { x: 320, y: 640, size: 112, family: fonts.poster, fill: '#1d1d1f', spacing: 2 }),
      };
    },
  },
  {
    file: 'welcome-home',
    languages: ['en'],
    words: ['Welcome home'],
    subjects: ['house-with-garden'],
    draw: () => {
      const size = { width: 800, height: 600 };
      return {
        size,
        content:
          background(size, linear(90, '#ffe9c9', '#ffd0b0')) +
          glow(size, 400, 220, 360, 0.7) +
          emoji('house-with-garden', { x: 400, y: 205, size: 300 }) +
          card(110, 370, 580, 180, '#8a5a3b', 20) +
          rect(126, 386, 548, 148, {
            fill: 'none',
            stroke: '#e8c39e',
            'stroke-width': 3,
            rx: 12,
            'stroke-dasharray': '10 8',
          }) +
          line('Welcome home', { x: 400, y: 490, size: 88, family: fonts.script, fill: '#fff3df' }),
      };
    },
  },
];
