import { english } from './english.ts';
import type { Lettering } from './lettering.ts';
import { simplified } from './simplified.ts';
import { traditional } from './traditional.ts';

export const lettered: readonly Lettering[] = [...english, ...simplified, ...traditional];
