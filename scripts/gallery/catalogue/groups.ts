import type { SceneName } from '../scenes.ts';

/**
 * Many things, by layout:
 * - tiles: a grid of rounded tiles, `columns` wide
 * - scatter: strewn over the whole image, as on wrapping paper
 * - wreath: a ring of them around the first
 * - row: side by side on one line in a scene
 */
export type Group = {
  readonly file: string;
  readonly of: string;
  readonly layout:
    | { readonly kind: 'tiles'; readonly columns: number }
    | { readonly kind: 'scatter' }
    | { readonly kind: 'wreath' }
    | { readonly kind: 'row'; readonly place: SceneName };
};

const tiles = (columns: number) => ({ kind: 'tiles', columns }) as const;
const row = (place: SceneName) => ({ kind: 'row', place }) as const;
const scatter = { kind: 'scatter' } as const;
const wreath = { kind: 'wreath' } as const;

export const groups: readonly Group[] = [
  {
    file: 'fruit',
    of: 'red-apple banana grapes strawberry watermelon tangerine pear cherries lemon',
    layout: tiles(3),
  },
  { file: 'fruit-paper', of: 'strawberry lemon cherries peach green-apple', layout: scatter },
  { file: 'vegetables', of: 'carrot broccoli tomato eggplant ear-of-corn cucumber', layout: tiles(3) },
  { file: 'fast-food', of: 'hamburger french-fries pizza hot-dog', layout: tiles(2) },
  { file: 'sweets', of: 'doughnut cookie candy lollipop cupcake', layout: scatter },
  { file: 'breakfast', of: 'egg bread croissant glass-of-milk hot-beverage bacon', layout: tiles(3) },
  { file: 'drinks', of: 'beer-mug wine-glass cocktail-glass tropical-drink', layout: tiles(4) },
  {
    file: 'east-asian-food',
    of: 'sushi dumpling rice-ball steaming-bowl bento-box fortune-cookie',
    layout: tiles(3),
  },
  { file: 'farm', of: 'cow pig rooster horse', layout: row('meadow') },
  { file: 'safari', of: 'giraffe elephant lion zebra', layout: row('savanna') },
  { file: 'under-the-sea', of: 'tropical-fish octopus dolphin crab', layout: row('deep') },
  { file: 'penguins', of: 'penguin penguin penguin', layout: row('snow') },
  { file: 'bears', of: 'bear panda polar-bear', layout: row('meadow') },
  { file: 'pets', of: 'dog-face cat-face rabbit-face hamster', layout: tiles(2) },
  { file: 'insects', of: 'butterfly lady-beetle honeybee ant snail beetle', layout: tiles(3) },
  { file: 'birds', of: 'parrot owl eagle flamingo', layout: tiles(2) },
  { file: 'flower-wreath', of: 'tulip cherry-blossom hibiscus rose sunflower blossom', layout: wreath },
  { file: 'autumn-leaves', of: 'maple-leaf fallen-leaf chestnut mushroom', layout: scatter },
  { file: 'vehicles', of: 'automobile bus bicycle motorcycle fire-engine tractor', layout: tiles(3) },
  { file: 'traffic', of: 'taxi bus automobile', layout: row('road') },
  { file: 'boats', of: 'sailboat ship speedboat', layout: row('sea') },
  { file: 'balloons', of: 'balloon balloon balloon', layout: row('sky') },
  { file: 'space', of: 'rocket ringed-planet star flying-saucer', layout: row('space') },
  { file: 'weather', of: 'sun cloud-with-rain snowflake rainbow', layout: tiles(2) },
  {
    file: 'ball-sports',
    of: 'soccer-ball basketball tennis volleyball baseball american-football',
    layout: tiles(3),
  },
  { file: 'band', of: 'trumpet guitar drum', layout: row('stage') },
  { file: 'instruments', of: 'violin saxophone accordion trumpet', layout: tiles(2) },
  { file: 'stationery', of: 'pencil scissors straight-ruler paperclip', layout: scatter },
  { file: 'tools', of: 'hammer wrench screwdriver carpentry-saw', layout: tiles(2) },
  { file: 'clothes', of: 't-shirt jeans dress scarf socks necktie', layout: tiles(3) },
  {
    file: 'hearts',
    of: 'red-heart orange-heart yellow-heart green-heart blue-heart purple-heart',
    layout: scatter,
  },
  {
    file: 'faces',
    of: 'grinning-face smiling-face-with-heart-eyes winking-face face-with-tears-of-joy smiling-face-with-sunglasses star-struck',
    layout: tiles(3),
  },
  { file: 'party', of: 'birthday-cake balloon party-popper wrapped-gift confetti-ball', layout: wreath },
  { file: 'christmas', of: 'christmas-tree bell wrapped-gift snowflake candle star', layout: wreath },
  {
    file: 'spring-festival',
    of: 'red-paper-lantern red-envelope firecracker tangerine dumpling',
    layout: wreath,
  },
  { file: 'gems', of: 'gem-stone crown ring', layout: scatter },
];
