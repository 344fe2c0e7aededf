import { background, glow, linear, path, rect } from '../canvas.ts';
import { emoji } from '../emoji.ts';
import { fonts } from '../fonts.ts';
import { column, line } from '../type.ts';
import type { Lettering } from './lettering.ts';
import { border, card, confetti, scales } from './parts.ts';

export const traditional: readonly Lettering[] = [
  {
    file: 'gong-xi-fa-cai',
    languages: ['zh-Hant'],
    words: ['恭喜發財', '龍馬精神'],
    subjects: ['money-bag', 'dragon-face', 'coin'],
    draw: () => {
      const size = { width: 640, height: 900 };
      const gold = '#ffdf8a';
      return {
        size,
        content:
          background(size, linear(90, '#b3121d', '#8d0b14')) +
          scales(size, 40, gold, 0.18) +
          glow(size, 320, 480, 380, 0.18) +
          border(size, 24, gold, 4, 10) +
          emoji('dragon-face', { x: 320, y: 215, size: 270 }) +
          line('恭喜發財', {
            x: 320,
            y: 520,
            size: 128,
            family: fonts.songTraditional,
            fill: gold,
            weight: 900,
          }) +
          line('龍馬精神', {
            x: 320,
            y: 620,
            size: 64,
            family: fonts.songTraditional,
            fill: '#fff3d1',
            weight: 600,
            spacing: 14,
          }) +
          emoji('money-bag', { x: 320, y: 755, size: 170 }) +
          emoji('coin', { x: 150, y: 790, size: 90 }) +
          emoji('coin', { x: 490, y: 790, size: 90 }),
      };
    },
  },
  {
    file: 'sheng-dan-kuai-le',
    languages: ['zh-Hant', 'en'],
    words: ['聖誕快樂', 'Merry Christmas'],
    subjects: ['christmas-tree', 'snowflake'],
    draw: random => {
      const size = { width: 840, height: 560 };
      return {
        size,
        content:
          background(size, linear(90, '#0f5b45', '#0a3d33')) +
          confetti(size, random, ['#ffffff', '#d8f0e6'], 60) +
          emoji('christmas-tree', { x: 205, y: 280, size: 360 }) +
          line('聖誕快樂', {
            x: 580,
            y: 270,
            size: 108,
            family: fonts.songTraditional,
            fill: '#ffe9b0',
            weight: 900,
          }) +
          line('Merry Christmas', { x: 580, y: 370, size: 66, family: fonts.script, fill: '#ffffff' }) +
          emoji('snowflake', { x: 760, y: 90, size: 90 }),
      };
    },
  },
  {
    file: 'qing-wu-pai-zhao',
    languages: ['zh-Hant'],
    words: ['請勿拍照', '博物館'],
    subjects: ['camera'],
    draw: () => {
      const size = { width: 640, height: 800 };
      return {
        size,
        content:
          background(size, linear(60, '#efe8df', '#d8ccbc')) +
          card(64, 56, 512, 688, '#ffffff', 20) +
          emoji('camera', { x: 320, y: 285, size: 260, shadow: false }) +
          path('M190 155L450 415', { stroke: '#d5252f', 'stroke-width': 28, 'stroke-linecap': 'round' }) +
          line('請勿拍照', {
            x: 320,
            y: 570,
            size: 108,
            family: fonts.heiTraditional,
            fill: '#2d2a26',
            weight: 900,
          }) +
          line('博物館', {
            x: 320,
            y: 665,
            size: 56,
            family: fonts.songTraditional,
            fill: '#8a6f4d',
            weight: 600,
            spacing: 20,
          }),
      };
    },
  },
  {
    file: 'cha-guan',
    languages: ['zh-Hant'],
    words: ['茶館', '老樹烏龍', '歡迎品茶'],
    subjects: ['teapot', 'teacup-without-handle'],
    draw: () => {
      const size = { width: 840, height: 600 };
      return {
        size,
        content:
          background(size, linear(60, '#f2ecd9', '#dfd4b4')) +
          glow(size, 500, 280, 420, 0.6) +
          rect(60, 60, 190, 480, { fill: '#3f5b3a', rx: 10 }) +
          column('茶館', {
            x: 155,
            y: 265,
            size: 150,
            family: fonts.songTraditional,
            fill: '#f6efd8',
            weight: 900,
          }) +
          emoji('teapot', { x: 460, y: 260, size: 280 }) +
          emoji('teacup-without-handle', { x: 700, y: 310, size: 150 }) +
          line('老樹烏龍', {
            x: 545,
            y: 475,
            size: 74,
            family: fonts.songTraditional,
            fill: '#4b3a25',
            weight: 700,
            spacing: 12,
          }) +
          line('歡迎品茶', {
            x: 545,
            y: 540,
            size: 42,
            family: fonts.songTraditional,
            fill: '#7d6846',
            weight: 600,
            spacing: 16,
          }),
      };
    },
  },
  {
    file: 'che-piao',
    languages: ['zh-Hant'],
    words: ['車票', '臺北', '高雄', '三號車廂 8排'],
    subjects: ['bullet-train'],
    draw: () => {
      const size = { width: 896, height: 504 };
      const text = { family: fonts.heiTraditional, fill: '#2a3b57' };
      return {
        size,
        content:
          background(size, linear(45, '#ffd9c7', '#ffe9cf')) +
          card(50, 60, 796, 384, '#fffdf7', 22) +
          rect(50, 60, 26, 384, { fill: '#f0803c', rx: 10 }) +
          line('車票', { ...text, x: 110, y: 140, size: 56, fill: '#f0803c', anchor: 'start', spacing: 10 }) +
          line('臺北', { ...text, x: 110, y: 290, size: 116, weight: 900, anchor: 'start' }) +
          emoji('bullet-train', { x: 448, y: 250, size: 150, shadow: false }) +
          line('高雄', { ...text, x: 790, y: 290, size: 116, weight: 900, anchor: 'end' }) +
          path('M110 335H790', { stroke: '#d8c9b6', 'stroke-width': 3, 'stroke-dasharray': '3 10' }) +
          line('三號車廂 8排', { ...text, x: 110, y: 405, size: 48, weight: 500, anchor: 'start' }),
      };
    },
  },
];
