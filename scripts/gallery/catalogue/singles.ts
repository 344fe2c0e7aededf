import type { SceneName } from '../scenes.ts';

/** Where a thing stands: one of the scenes, or a plain ground drawn from the image's seed. */
type Place = SceneName | 'plain';

/** One thing an image: folder → place → names in Fluent Emoji Flat. */
export const singles: Readonly<Record<string, Partial<Record<Place, string>>>> = {
  animals: {
    plain: 'dog-face cat-face fox panda koala owl unicorn butterfly lady-beetle spider bear mouse-face',
    meadow: 'rabbit-face horse cow pig goat rooster duck deer hedgehog',
    garden: 'snail honeybee black-cat frog turtle',
    jungle: 'tiger monkey crocodile snake peacock parrot',
    savanna: 'lion elephant giraffe zebra kangaroo',
    desert: 'camel',
    snow: 'penguin polar-bear wolf service-dog',
    sea: 'swan',
    deep: 'dolphin whale octopus tropical-fish shark jellyfish',
    beach: 'crab',
    night: 'bat',
    dusk: 'eagle dragon flamingo',
  },
  food: {
    plain:
      'red-apple banana strawberry grapes watermelon pineapple cherries lemon peach avocado carrot ' +
      'ear-of-corn tomato broccoli mushroom bread croissant cheese-wedge hamburger pizza ' +
      'french-fries hot-dog sushi dumpling steaming-bowl doughnut birthday-cake soft-ice-cream ' +
      'moon-cake hot-beverage beer-mug wine-glass bubble-tea teapot',
  },
  nature: {
    plain: 'rose tulip cherry-blossom maple-leaf four-leaf-clover lotus',
    meadow: 'sunflower',
    desert: 'cactus',
    beach: 'palm-tree',
    snow: 'evergreen-tree',
    dusk: 'fire',
  },
  weather: {
    plain: 'snowflake tornado star',
    sky: 'rainbow sun cloud-with-rain',
    snow: 'snowman',
    space: 'crescent-moon',
  },
  travel: {
    road: 'bus taxi police-car fire-engine ambulance bicycle motorcycle',
    meadow: 'tractor train',
    plain: 'racing-car bullet-train automobile',
    sky: 'airplane helicopter parachute',
    sea: 'sailboat ship',
    space: 'rocket flying-saucer',
  },
  places: {
    meadow: 'house castle tent',
    sky: 'ferris-wheel statue-of-liberty tokyo-tower',
    dusk: 'volcano',
  },
  sports: {
    pitch: 'soccer-ball',
    court: 'basketball volleyball',
    plain: 'baseball badminton ping-pong boxing-glove trophy',
    snow: 'skis',
  },
  music: {
    stage: 'guitar violin drum saxophone trumpet microphone',
    plain: 'headphone musical-note',
  },
  things: {
    plain:
      'camera laptop mobile-phone television telephone light-bulb key scissors hammer umbrella alarm-clock ' +
      'sunglasses crown ring backpack high-heeled-shoe running-shoe t-shirt books pencil robot ' +
      'candle telescope bed',
  },
  faces: {
    plain: 'smiling-face-with-sunglasses loudly-crying-face angry-face clown-face ghost alien',
  },
  celebrations: {
    plain: 'wrapped-gift balloon party-popper red-heart red-envelope red-paper-lantern',
    night: 'christmas-tree',
    dusk: 'jack-o-lantern',
  },
};
